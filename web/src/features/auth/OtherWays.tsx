import { Button, Divider, Text } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';

import { logInByPasskey } from './api/passkey';
import { providersQuery } from './api/providers';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import { passkeysWork } from '@/lib/passkeys';

interface Props {
  next: string | undefined;
  onDone: () => Promise<void>;
}

/** Ways in beside the password: a passkey, and other providers that this server trusts. */
export function OtherWays({ next, onDone }: Props) {
  const { t } = useTranslation();
  const providers = useQuery(providersQuery).data ?? [];
  const entering = useMutation({ mutationFn: logInByPasskey, onSuccess: onDone });
  if (!passkeysWork() && providers.length === 0) return null;
  const back = next === undefined ? '' : `?${new URLSearchParams({ next }).toString()}`;
  return (
    <>
      <Divider label={t('auth.logIn.or')} />
      {passkeysWork() && (
        <Button
          variant="default"
          leftSection={<IconFingerprint size={20} aria-hidden />}
          loading={entering.isPending}
          onClick={() => entering.mutate()}
        >
          {t('auth.logIn.passkey')}
        </Button>
      )}
      {entering.error && (
        <Text c="danger" role="alert">
          {explain(entering.error).text}
        </Text>
      )}
      {providers.map(({ name, label, login_url }) => (
        <Button key={name} component="a" variant="default" href={`${login_url}${back}`}>
          {t('auth.logIn.with', { label })}
        </Button>
      ))}
    </>
  );
}
