import type { SpaceLine } from '../api/spaces';

import { useTranslation } from '@/lib/i18n';

const kinds = ['household', 'shop', 'gallery'] as const;

/** What a space is called, and what it is. */
export function useSpaceName(space: Pick<SpaceLine, 'name' | 'kind' | 'owner'>): {
  name: string;
  kind: string | null;
} {
  const { t } = useTranslation();
  const owner = space.owner ?? t('admin.spaces.nobody');
  const kind = kinds.find((each) => each === space.kind);
  return {
    name: space.name ?? t('admin.spaces.own', { name: owner }),
    kind: kind === undefined ? null : `${t(`admin.spaces.kinds.${kind}`)} · ${owner}`,
  };
}
