import classes from './PhotoOverlay.module.css';

import type { DetectionId } from '@/lib/brand';
import type { Box, Decision, ScanPhoto } from '@/lib/wire/scan';

export interface Outline {
  id: DetectionId;
  box: Box;
  decision: Decision;
  label: string;
}

interface Props {
  photo: ScanPhoto;
  alt: string;
  outlines: readonly Outline[];
  lit: DetectionId | null;
  /** Shows only this part of the photo, with a little of what lies around it. */
  around?: Box;
  onLight?: (id: DetectionId | null) => void;
  onPick?: (id: DetectionId) => void;
}

/**
 * A photo with what was found outlined. The list beside it carries the same acts for keyboard and
 * screen reader, so the drawing itself is decoration with a mouse on it.
 */
export function PhotoOverlay({ photo, alt, outlines, lit, around, onLight, onPick }: Props) {
  const width = photo.width ?? 1;
  const height = photo.height ?? 1;
  const part = around === undefined ? null : partOf({ width, height }, around);
  return (
    <div
      className={classes.overlay}
      {...(part && {
        'data-part': true,
        style: {
          aspectRatio: part.width / part.height,
          maxWidth: `calc(max(200px, 100dvh - 460px) * ${part.width / part.height})`,
        },
      })}
    >
      <img
        src={photo.url}
        width={width}
        height={height}
        alt={alt}
        style={{
          background: `url(${photo.thumbnail_url}) center / 100% 100%`,
          ...(part && {
            width: `${(100 * width) / part.width}%`,
            left: `${(-100 * part.x) / part.width}%`,
            top: `${(-100 * part.y) / part.height}%`,
          }),
        }}
      />
      <svg
        viewBox={
          part ? `${part.x} ${part.y} ${part.width} ${part.height}` : `0 0 ${width} ${height}`
        }
        aria-hidden
      >
        {outlines.map(({ id, box, decision, label }) => {
          const points = box.map((corner) => corner.join(',')).join(' ');
          return (
            <g key={id}>
              <polygon className={classes.halo} points={points} />
              <polygon
                className={classes.box}
                points={points}
                data-decision={decision}
                data-lit={lit === id || undefined}
                onPointerEnter={() => onLight?.(id)}
                onPointerLeave={() => onLight?.(null)}
                onClick={() => onPick?.(id)}
              >
                <title>{label}</title>
              </polygon>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Of its own size is a sixth shown around a find, as far as the photo reaches. */
const MARGIN = 1 / 6;

function partOf(photo: { width: number; height: number }, box: Box) {
  const xs = box.map(([x]) => x);
  const ys = box.map(([, y]) => y);
  const margin =
    MARGIN * Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const x = Math.max(0, Math.min(...xs) - margin);
  const y = Math.max(0, Math.min(...ys) - margin);
  return {
    x,
    y,
    width: Math.max(1, Math.min(photo.width, Math.max(...xs) + margin) - x),
    height: Math.max(1, Math.min(photo.height, Math.max(...ys) + margin) - y),
  };
}
