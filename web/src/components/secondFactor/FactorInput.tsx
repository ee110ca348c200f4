import { TextInput } from '@mantine/core';

import { useTranslation } from '@/lib/i18n';

export type CodeKind = 'code' | 'recovery';

interface Props {
  kind: CodeKind;
  value: string;
  onChange: (value: string) => void;
  error?: string | null;
  autoFocus?: boolean;
}

/** Where a code of an app or a recovery code is typed. */
export function FactorInput({ kind, value, onChange, error, autoFocus = false }: Props) {
  const { t } = useTranslation();
  const numeric = kind === 'code';
  return (
    <TextInput
      label={t(`common.factor.${kind}`)}
      description={t(`common.factor.${kind}Hint`)}
      autoComplete={numeric ? 'one-time-code' : 'off'}
      inputMode={numeric ? 'numeric' : 'text'}
      autoCapitalize="none"
      autoFocus={autoFocus}
      maxLength={numeric ? 7 : 40}
      value={value}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
