import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Copy } from '@/components/feedback/Copy';
import { Capture } from '@/features/scan/Capture';
import { newId } from '@/lib/newId';
import { show, stubBrowser } from '../show';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('an id is a random UUID without the help that only https gives', () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 100 }, newId);
  for (const id of ids)
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u);
  expect(new Set(ids).size).toBe(100);
});

test("without cameras of the browser's own, the device's is asked for one photo", async () => {
  const onFiles = vi.fn();
  await show(<Capture onFiles={onFiles} onCamera={vi.fn()} />);
  const input = document.querySelector<HTMLInputElement>('input[capture="environment"]');
  expect(screen.getByText(/This address is not secure/u)).toBeTruthy();
  const photo = new File(['x'], 'photo.jpg', { type: 'image/jpeg' });
  if (input !== null) await userEvent.upload(input, photo);
  expect(onFiles).toHaveBeenCalledWith([photo]);
});

test('what is shown is copied without a clipboard, or it says that it was not', async () => {
  const user = userEvent.setup({ writeToClipboard: false });
  Reflect.deleteProperty(navigator, 'clipboard');
  let copied = '';
  const execCommand = () => {
    const at = document.activeElement;
    copied = at instanceof HTMLTextAreaElement ? at.value : '';
    return true;
  };
  Object.defineProperty(document, 'execCommand', { value: execCommand, configurable: true });
  await show(<Copy value="arm_secret" />);
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(await screen.findByRole('button', { name: 'Copied' })).toBe(document.activeElement);
  expect(copied).toBe('arm_secret');
});
