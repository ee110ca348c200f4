import { Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { type Purpose, redeemLetter } from './api/letters';
import { Door } from './Door';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import { useToken } from '@/lib/session/useToken';

export const VerifyPage = () => <LetterPage purpose="verify" />;
export const ConfirmPage = () => <LetterPage purpose="confirm" />;
export const UndoPage = () => <LetterPage purpose="undo" />;

/**
 * Where the link of a letter leads. A tap uses the token, so that a program that only looks at
 * links in the mail does not.
 */
function LetterPage({ purpose }: { purpose: Purpose }) {
  const { t } = useTranslation();
  const token = useToken();
  const using = useMutation({ mutationFn: (secret: string) => redeemLetter(purpose, secret) });
  return (
    <Door title={t(`auth.letters.title.${purpose}`)}>
      <Stack mt="md">
        {using.isSuccess ? (
          <>
            <Text role="status">{t(`auth.letters.done.${purpose}`)}</Text>
            <Button size="lg" renderRoot={(props) => <Link to="/login" search={{}} {...props} />}>
              {t('auth.logIn.act')}
            </Button>
          </>
        ) : token === null ? (
          <Text role="alert">{t('auth.reset.noToken')}</Text>
        ) : (
          <>
            <Text c="dimmed">{t(`auth.letters.text.${purpose}`)}</Text>
            {using.error && (
              <Text c="danger" role="alert">
                {explain(using.error).text}
              </Text>
            )}
            <Button size="lg" loading={using.isPending} onClick={() => using.mutate(token)}>
              {t(`auth.letters.act.${purpose}`)}
            </Button>
          </>
        )}
      </Stack>
    </Door>
  );
}
