import { Input } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { itemsQuery } from '../api/listItems';
import { ShelfForm } from './ShelfForm';
import classes from './shelves.module.css';

import { Dialog } from '@/components/feedback/Dialog';
import { useAct } from '@/components/feedback/useAct';
import { useBase } from '@/components/fields/useBase';
import { Picture } from '@/components/picture/Picture';
import type { MediaId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import { changeShelf, type Shelf } from '@/lib/shelves/shelves';

export function EditShelf({ shelf, onClose }: { shelf: Shelf; onClose: () => void }) {
  const { t } = useTranslation();
  const [cover, setCover] = useState(shelf.cover_media_id);
  const { name, description, visibility, cover_media_id } = shelf;
  const version = useBase([name, description, visibility, cover_media_id], shelf.version);
  const save = useAct(changeShelf, {
    said: t('shelves.saved'),
    renews: [['collections'], ['grants'], ['items'], ['item'], ['search'], ['stats']],
    onDone: onClose,
  });
  return (
    <Dialog onClose={onClose} title={t('shelves.editTitle')}>
      <ShelfForm
        initial={shelf}
        act={t('common.save')}
        pending={save.isPending}
        onSave={({ name, description, visibility }) =>
          save.mutate({
            shelf: { id: shelf.id, version },
            change: { name, description, visibility, cover_media_id: cover },
          })
        }
        onCancel={onClose}
      >
        <CoverChoice shelf={shelf} value={cover} onChange={setCover} />
      </ShelfForm>
    </Dialog>
  );
}

interface ChoiceProps {
  shelf: Shelf;
  value: MediaId | null;
  onChange: (value: MediaId | null) => void;
}

/** One of the newest things' pictures, or whatever is newest. */
function CoverChoice({ shelf, value, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const first = useInfiniteQuery(
    itemsQuery({ collection: shelf.id, sort: '-created_at', trash: false }),
  ).data?.pages[0];
  const things = first?.rows.filter(({ cover }) => cover !== null).slice(0, 24) ?? [];
  if (things.length === 0) return null;
  return (
    <Input.Wrapper label={t('shelves.cover')} labelElement="div">
      <div className={classes.choices} role="group" aria-label={t('shelves.cover')}>
        <button
          type="button"
          className={classes.choice}
          aria-pressed={value === null}
          onClick={() => onChange(null)}
        >
          <span className={classes.newest}>{t('shelves.coverNewest')}</span>
        </button>
        {things.map((item) => (
          <button
            key={item.id}
            type="button"
            className={classes.choice}
            aria-label={t('shelves.coverOf', { title: item.title || t('common.untitled') })}
            aria-pressed={value === item.cover?.media_id}
            onClick={() => onChange(item.cover?.media_id ?? null)}
          >
            <Picture
              picture={item.cover}
              of={item}
              sizes="72px"
              className={classes.choicePicture}
            />
          </button>
        ))}
      </div>
    </Input.Wrapper>
  );
}
