import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';

import classes from '../collection.module.css';

interface Props {
  sizes: readonly number[];
  render: (index: number) => ReactNode;
  /** Called when the end comes into sight. */
  onEnd: () => void;
  label: string;
}

/** Rows of known heights; only those near the window are in the document. */
export function VirtualRows({ sizes, render, onEnd, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const virtual = useWindowVirtualizer({
    count: sizes.length,
    estimateSize: (index) => sizes[index] ?? 0,
    overscan: 4,
    scrollMargin: margin,
  });

  useLayoutEffect(() => setMargin(box.current?.offsetTop ?? 0), []);
  useEffect(() => virtual.measure(), [sizes, virtual]);

  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= sizes.length - 3) onEnd();
  }, [last, sizes.length, onEnd]);

  return (
    <div
      ref={box}
      className={classes.rows}
      style={{ height: virtual.getTotalSize() }}
      role="list"
      aria-label={label}
    >
      {shown.map(({ index, key, start }) => (
        <div
          key={key}
          style={{ transform: `translateY(${start - margin}px)` }}
          className={classes.row}
          role="presentation"
        >
          {render(index)}
        </div>
      ))}
    </div>
  );
}
