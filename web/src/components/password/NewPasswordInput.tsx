import { PasswordInput, Stack } from '@mantine/core';
import { type ReactNode, useId } from 'react';

import { PasswordRules } from './PasswordRules';
import { missing } from './rules';

import { t, useTranslation } from '@/lib/i18n';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: ReactNode;
  disabled?: boolean;
}

/** What a password still lacks, in words; null when it lacks nothing. For a form's `validate`. */
export function newPasswordError(password: string): string | null {
  const lacking = missing(password).map((rule) => t(`common.password.${rule}`));
  return lacking.length === 0 ? null : t('common.password.refused', { rules: lacking.join(', ') });
}

/** A password that is being chosen, with what it needs below it. */
export function NewPasswordInput({ label, value, onChange, error, disabled }: Props) {
  const { t } = useTranslation();
  const rules = useId();
  const refused = error !== undefined && error !== null && error !== false;
  return (
    <Stack gap="xs">
      <PasswordInput
        label={label}
        autoComplete="new-password"
        aria-describedby={rules}
        // The library leaves out what it says of every other refused input.
        aria-invalid={refused || undefined}
        errorProps={{ role: 'alert' }}
        visibilityToggleButtonProps={{ 'aria-label': t('common.password.show') }}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error}
        disabled={disabled ?? false}
      />
      <PasswordRules id={rules} password={value} refused={refused} />
    </Stack>
  );
}
