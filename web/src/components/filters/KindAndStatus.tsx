import { Select } from '@mantine/core';

import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';
import { statuses, useStatusLabel } from '@/lib/kinds/statuses';

interface Narrowing {
  kind?: string | undefined;
  status?: string | undefined;
}

interface Props {
  value: Narrowing;
  onChange: (part: Narrowing) => void;
}

const WIDTH = 170;

/** What a list of things can always be narrowed by. */
export function KindAndStatus({ value, onChange }: Props) {
  const { t } = useTranslation();
  const kinds = useKinds();
  const statusLabel = useStatusLabel();
  return (
    <>
      <Select
        w={WIDTH}
        aria-label={t('common.kind')}
        placeholder={t('common.anyKind')}
        data={kinds.map(({ name, label }) => ({ value: name, label }))}
        value={value.kind ?? null}
        onChange={(kind) => onChange({ kind: kind ?? undefined })}
        clearable
      />
      <Select
        w={WIDTH}
        aria-label={t('common.status')}
        placeholder={t('common.anyStatus')}
        data={statuses.map((status) => ({ value: status, label: statusLabel(status) }))}
        value={value.status ?? null}
        onChange={(status) => onChange({ status: status ?? undefined })}
        clearable
      />
    </>
  );
}
