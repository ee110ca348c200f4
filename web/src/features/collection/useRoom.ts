import { useElementSize } from '@mantine/hooks';
import { useEffect } from 'react';

/** Of the list that was shown last, in CSS pixels; 0 before there was one. */
let latest = 0;

/**
 * How wide the list may be. A list that one comes back to knows it before it is measured, so that
 * it is as long as it was when the browser goes to where one had been in it.
 */
export function useRoom(): { ref: (box: HTMLDivElement | null) => void; width: number } {
  const { ref, width } = useElementSize<HTMLDivElement>();
  useEffect(() => {
    if (width > 0) latest = width;
  }, [width]);
  return { ref, width: width > 0 ? width : latest };
}
