import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { useFocusBack } from '@/components/feedback/useFocusBack';

afterEach(async () => {
  cleanup();
  await new Promise((over) => setTimeout(over, 100)); // what is left to look for the focus stops
});

function Dialog() {
  useFocusBack();
  return <button autoFocus>Yes</button>;
}

interface Props {
  open: boolean;
  menu?: boolean;
  row?: boolean;
}

function Page({ open, menu = false, row = true }: Props) {
  return (
    <main id="main" tabIndex={-1}>
      <button id="target">More</button>
      {menu && (
        <div role="menu" aria-labelledby="target">
          <button role="menuitem">Edit</button>
        </div>
      )}
      {row && <button>Remove</button>}
      {open && <Dialog />}
    </main>
  );
}

const focused = (text: string) =>
  vi.waitFor(() => expect(document.activeElement).toBe(screen.getByText(text)));

test('the keyboard goes on at the button that opened a dialog', async () => {
  const { rerender } = render(<Page open={false} />);
  screen.getByText('Remove').focus();
  rerender(<Page open />);
  await focused('Yes');
  rerender(<Page open={false} />);
  await focused('Remove');
});

test('it goes on at the button of the menu that opened a dialog', async () => {
  const { rerender } = render(<Page open={false} menu />);
  screen.getByText('Edit').focus();
  rerender(<Page open menu />);
  rerender(<Page open />);
  rerender(<Page open={false} />);
  await focused('More');
});

test('it goes on in the page where the row of the button is gone', async () => {
  const { rerender } = render(<Page open={false} />);
  screen.getByText('Remove').focus();
  rerender(<Page open />);
  rerender(<Page open={false} row={false} />);
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
});
