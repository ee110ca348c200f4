import { FileButton, MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { theme } from '@/lib/theme/theme';
import { stubBrowser } from '../show';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a button for files has forgotten the last one when it is pressed again', async () => {
  render(
    <MantineProvider theme={theme}>
      <FileButton onChange={vi.fn()}>{(props) => <button {...props}>Choose</button>}</FileButton>
    </MantineProvider>,
  );
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  if (input === null) throw new Error('no input');
  await userEvent.upload(input, new File(['x'], 'photo.jpg'));
  const forgotten = vi.spyOn(input, 'value', 'set');
  await userEvent.click(screen.getByRole('button', { name: 'Choose' }));
  expect(forgotten).toHaveBeenCalledWith('');
});
