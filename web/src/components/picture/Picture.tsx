import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';

import classes from './Picture.module.css';

import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import type { Drawable } from '@/lib/wire/item';

interface Props {
  picture: Drawable | null;
  /** Names the picture for those who cannot see it. */
  of: { kind: string; title: string };
  /** How wide it is drawn, as the `sizes` attribute wants it. */
  sizes: string;
  /** Without the mat's shadow, filling its box (its box has the picture's own proportions). */
  fill?: boolean;
  className?: string | undefined;
  style?: React.CSSProperties;
}

/** A photo on its mat in its own proportions, with its color there before the photo is. */
export function Picture({ picture, of, sizes, fill = false, className, style }: Props) {
  const { t } = useTranslation();
  const label = useKindLabel();
  const [broken, setBroken] = useState(false);
  const shown = picture === null || broken ? null : picture;
  const hint = fill && shown?.placeholder ? { backgroundImage: `url(${shown.placeholder})` } : {};
  return (
    <div className={`${classes.mat ?? ''} ${className ?? ''}`} style={{ ...style, ...hint }}>
      {shown === null ? (
        <IconPhoto
          className={classes.missing}
          size={28}
          stroke={1.2}
          role="img"
          aria-label={t('common.noPicture')}
        />
      ) : (
        <img
          className={`${classes.image ?? ''} ${fill ? (classes.fill ?? '') : ''}`}
          src={shown.urls['256'] ?? shown.urls['512'] ?? shown.urls.original}
          srcSet={sourceSet(shown)}
          sizes={sizes}
          width={shown.width ?? undefined}
          height={shown.height ?? undefined}
          alt={t('common.pictureOf', {
            kind: label(of.kind),
            title: of.title || t('common.untitled'),
          })}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      )}
    </div>
  );
}

/** Variants are named by their long side; what a browser wants to know is the width. */
export function sourceSet({ urls, width, height }: Drawable): string | undefined {
  const tall = width !== null && height !== null && height > width ? width / height : 1;
  const sides = (['128', '256', '512'] as const).filter((side) => urls[side] !== undefined);
  if (sides.length === 0) return undefined;
  return sides.map((side) => `${urls[side] ?? ''} ${Math.round(Number(side) * tall)}w`).join(', ');
}
