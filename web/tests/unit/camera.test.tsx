import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Camera } from '@/features/scan/camera/Camera';
import { show, stubBrowser } from '../show';

beforeEach(() => {
  stubBrowser();
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  URL.createObjectURL = () => 'blob:shot';
  const track = { getCapabilities: () => ({}), stop: () => undefined };
  const stream = { getVideoTracks: () => [track] };
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({ drawImage: () => undefined });
      convertToBlob = () => Promise.resolve(new Blob(['x'], { type: 'image/jpeg' }));
    },
  );
  Object.defineProperty(navigator, 'mediaDevices', {
    value: { getUserMedia: () => Promise.resolve(stream) },
    configurable: true,
  });
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
});
afterEach(() => {
  cleanup();
  Reflect.deleteProperty(navigator, 'mediaDevices');
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a shot that could not be kept is told in the camera and not counted', async () => {
  const onShot = vi.fn().mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
  await show(<Camera onShot={onShot} onFiles={vi.fn()} onClose={vi.fn()} />);
  const shutter = await screen.findByRole('button', { name: 'Take the photo' });
  await vi.waitFor(() => expect(shutter).toHaveProperty('disabled', false));
  await userEvent.click(shutter);
  const told = await screen.findByRole('alert');
  expect(told.textContent).toContain('Not kept');
  expect(screen.getByRole('dialog').contains(told)).toBe(true);
  expect(screen.getByText('No photo yet')).toBeTruthy();

  await userEvent.click(shutter);
  expect(await screen.findByText('1 photo in the tray')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});
