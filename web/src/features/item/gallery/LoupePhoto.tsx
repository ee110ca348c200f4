import { type PointerEvent, useState } from 'react';

import classes from '../item.module.css';

import { sourceSet } from '@/components/picture/Picture';
import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import type { Item, Picture } from '@/lib/wire/item';

/** How much larger the glass shows. */
const ZOOM = 2.5;
const GLASS = 220;

interface Glass {
  left: number;
  top: number;
  background: string;
  size: string;
  position: string;
}

interface Props {
  picture: Picture;
  of: Item;
  onOpen: () => void;
}

/** The photo; a mouse over it looks through a loupe, a press opens it large. */
export function LoupePhoto({ picture, of, onOpen }: Props) {
  const { t } = useTranslation();
  const kind = useKindLabel();
  const [glass, setGlass] = useState<Glass | null>(null);
  const sharp = picture.urls.display ?? picture.urls.original ?? picture.urls['512'] ?? '';

  const look = (event: PointerEvent<HTMLImageElement>) => {
    if (event.pointerType !== 'mouse') return;
    const image = event.currentTarget;
    const box = image.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    setGlass({
      left: image.offsetLeft + x,
      top: image.offsetTop + y,
      background: `url("${sharp}")`,
      size: `${box.width * ZOOM}px ${box.height * ZOOM}px`,
      position: `${GLASS / 2 - x * ZOOM}px ${GLASS / 2 - y * ZOOM}px`,
    });
  };

  return (
    <>
      <button
        type="button"
        className={classes.open}
        aria-label={t('item.openPhoto')}
        onClick={onOpen}
      >
        <img
          src={picture.urls['512'] ?? sharp}
          srcSet={`${sourceSet(picture) ?? ''}, ${sharp} 2048w`}
          sizes="(max-width: 62em) 90vw, 50vw"
          width={picture.width ?? undefined}
          height={picture.height ?? undefined}
          data-upright={(picture.height ?? 1) >= (picture.width ?? 1) || undefined}
          alt={t('common.pictureOf', {
            kind: kind(of.kind),
            title: of.title || t('common.untitled'),
          })}
          onPointerMove={look}
          onPointerLeave={() => setGlass(null)}
        />
      </button>
      {glass && (
        <div
          className={classes.loupe}
          style={{
            left: glass.left,
            top: glass.top,
            backgroundImage: glass.background,
            backgroundSize: glass.size,
            backgroundPosition: glass.position,
          }}
        />
      )}
    </>
  );
}
