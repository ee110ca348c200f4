import type { HistoryEntry } from './api/listHistory';
import { isRole } from './gallery/roles';

import { showValue } from '@/components/fields/showValue';
import { useTranslation } from '@/lib/i18n';
import { useStatusLabel } from '@/lib/kinds/statuses';
import { useOwnFields } from '@/lib/ownFields/ownFields';
import type { FieldValue } from '@/lib/wire/item';
import type { Kind } from '@/lib/wire/kind';

type Change = HistoryEntry['changes'][number];

/** What the record has beside the fields of its kind. */
const OTHERS = [
  'images',
  'image_role',
  'status',
  'title',
  'tags',
  'notes',
  'quantity',
  'identifiers',
] as const;

type Other = (typeof OTHERS)[number];

const isOther = (name: string): name is Other => (OTHERS as readonly string[]).includes(name);

/** One change of a record in words, with the labels that the forms use. */
export function useChangeWords(kind: Kind | undefined): (change: Change) => string {
  const { t } = useTranslation();
  const statusLabel = useStatusLabel();
  const own = useOwnFields(kind?.name);
  const fields = [...(kind?.fields ?? []), ...own];
  const words = { yes: t('common.yes'), no: t('common.no') };

  return ({ field: path, before, after }) => {
    if (path === 'images' && before === 'order') return t('item.photosReordered');
    // What it cost is no part of the history: not everyone who reads that may see it.
    if (path === 'cost') return t('item.changedFields.cost');
    // Ids say nothing to a person.
    if (path === 'catalogue_entry_id') return t('item.changedFields.catalogue_entry_id');
    const name = path.replace(/^(own_)?fields\./, '');
    const field = path === name ? undefined : fields.find((known) => known.name === name);
    const show = (value: FieldValue | null) => {
      if (path === 'status' && typeof value === 'string') return statusLabel(value);
      if (path === 'image_role' && typeof value === 'string' && isRole(value))
        return t(`item.photo.roles.${value}`);
      return showValue(field, value, words) || t('item.nothing');
    };
    return t('item.changedTo', {
      field: field?.label ?? (isOther(path) ? t(`item.changedFields.${path}`) : name),
      before: show(before),
      after: show(after),
    });
  };
}
