import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type MouseEvent, useEffect, useRef, useState } from 'react';

import classes from '../item.module.css';

import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import type { Item, Picture } from '@/lib/wire/item';

interface Props {
  picture: Picture;
  of: Item;
  onClose: () => void;
}

/** The photo over the whole screen; a press goes to every pixel of it and back. */
export function LargePhoto({ picture, of, onClose }: Props) {
  const { t } = useTranslation();
  const kind = useKindLabel();
  const sheet = useRef<HTMLDialogElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [zoomed, setZoomed] = useState(false);
  const { original, display } = picture.urls;
  // Browsers read no TIFF, and most of them no HEIC.
  const [readable, setReadable] = useState(true);
  useEffect(() => sheet.current?.showModal(), []);

  const toggle = (event: MouseEvent<HTMLButtonElement>) => {
    const { clientX, clientY } = event;
    setZoomed((before) => !before);
    requestAnimationFrame(() => {
      const box = scroller.current;
      // What was under the finger stays near it.
      box?.scrollTo(
        (clientX / window.innerWidth) * (box.scrollWidth - box.clientWidth),
        (clientY / window.innerHeight) * (box.scrollHeight - box.clientHeight),
      );
    });
  };

  return (
    <dialog
      ref={sheet}
      className={classes.large}
      aria-label={t('item.openPhoto')}
      onClose={onClose}
    >
      <div ref={scroller} className={classes.scroller} data-zoomed={zoomed || undefined}>
        <button type="button" className={classes.zoom} aria-pressed={zoomed} onClick={toggle}>
          <img
            src={readable ? (original ?? display) : display}
            onError={() => setReadable(false)}
            alt={t('common.pictureOf', {
              kind: kind(of.kind),
              title: of.title || t('common.untitled'),
            })}
          />
        </button>
      </div>
      <ActionIcon
        className={classes.largeClose ?? ''}
        aria-label={t('common.close')}
        onClick={() => sheet.current?.close()}
      >
        <IconX aria-hidden />
      </ActionIcon>
    </dialog>
  );
}
