import { useCallback, useEffect, useRef, useState } from 'react';

import { cameras } from '@/lib/secure';

export type CameraState = 'starting' | 'ready' | 'denied' | 'missing';

interface CameraHandle {
  /** Ref of the video element that shows what the camera sees. */
  video: (element: HTMLVideoElement | null) => void;
  state: CameraState;
  flip: () => void;
  /** Null where this camera has no light. */
  toggleLight: (() => void) | null;
  shoot: () => Promise<File>;
}

/** As sharp as the camera can: text on a card is small. */
const wanted = (facingMode: string): MediaStreamConstraints => ({
  audio: false,
  video: { facingMode, width: { ideal: 4096 }, height: { ideal: 3072 } },
});

export function useCamera(): CameraHandle {
  const [facing, setFacing] = useState<'environment' | 'user'>('environment');
  const [state, setState] = useState<CameraState>('starting');
  const [element, setElement] = useState<HTMLVideoElement | null>(null);
  const [track, setTrack] = useState<MediaStreamTrack | null>(null);
  const lit = useRef(false);

  useEffect(() => {
    if (element === null) return;
    const stopped = new AbortController();
    open(element, facing, stopped.signal).then(
      (opened) => {
        setTrack(opened);
        setState('ready');
      },
      (error: unknown) => {
        if (!stopped.signal.aborted) setState(reasonOf(error));
      },
    );
    return () => stopped.abort();
  }, [facing, element]);

  const shoot = useCallback(async () => {
    if (element === null) throw new Error('no camera');
    const canvas = new OffscreenCanvas(element.videoWidth, element.videoHeight);
    canvas.getContext('2d')?.drawImage(element, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.93 });
    return new File([blob], `camera-${Date.now()}.jpg`, { type: 'image/jpeg' });
  }, [element]);

  const toggleLight = useCallback(() => {
    lit.current = !lit.current;
    // `torch` is a constraint that the type library does not know yet.
    void track?.applyConstraints({ advanced: [{ torch: lit.current } as MediaTrackConstraintSet] });
  }, [track]);

  return {
    video: setElement,
    state,
    flip: () => {
      setState('starting');
      setFacing((now) => (now === 'environment' ? 'user' : 'environment'));
    },
    toggleLight: track !== null && 'torch' in track.getCapabilities() ? toggleLight : null,
    shoot,
  };
}

/** Shows the camera in `element` until `signal` is aborted. */
async function open(
  element: HTMLVideoElement,
  facing: string,
  signal: AbortSignal,
): Promise<MediaStreamTrack> {
  const stream = await cameras()?.getUserMedia(wanted(facing));
  if (stream === undefined) throw new Error('no camera');
  const track = stream.getVideoTracks()[0];
  if (track === undefined) throw new Error('no video');
  signal.addEventListener('abort', () => track.stop());
  if (signal.aborted) track.stop();
  element.srcObject = stream;
  await element.play();
  return track;
}

function reasonOf(error: unknown): CameraState {
  return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'missing';
}
