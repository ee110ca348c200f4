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
  onLight?: (id: DetectionId | null) => void;
  onPick?: (id: DetectionId) => void;
}

/**
 * A photo with what was found outlined. The list beside it carries the same acts for keyboard and
 * screen reader, so the drawing itself is decoration with a mouse on it.
 */
export function PhotoOverlay({ photo, alt, outlines, lit, onLight, onPick }: Props) {
  const width = photo.width ?? 1;
  const height = photo.height ?? 1;
  return (
    <div className={classes.overlay}>
      <img
        src={photo.url}
        width={width}
        height={height}
        alt={alt}
        style={{ background: `url(${photo.thumbnail_url}) center / 100% 100%` }}
      />
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden>
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
