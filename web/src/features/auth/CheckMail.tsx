import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { Door } from './Door';

import { useTranslation } from '@/lib/i18n';

/** The account is there once the letter's link was opened. */
export function CheckMail({ email, next }: { email: string; next?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <Door title={t('auth.signUp.check')}>
      <Text role="status">{t('auth.signUp.checkText', { email })}</Text>
      <Anchor mt="md" renderRoot={(props) => <Link to="/login" search={{ next }} {...props} />}>
        {t('auth.forgotten.back')}
      </Anchor>
    </Door>
  );
}
