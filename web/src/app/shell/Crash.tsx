import { Button, Code } from '@mantine/core';

import { explain } from '@/lib/http/explain';
import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { ApiProblem, Unreachable } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

/** The error boundary of every page. */
export function Crash({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const answered = error instanceof ApiProblem || error instanceof Unreachable;
  const { text, reference } = explain(error);
  return (
    <EmptyPage
      picture={<Cabinet />}
      title={answered ? t('common.errors.load') : t('shell.crash.title')}
      text={answered ? text : t('shell.crash.text')}
    >
      <Code>{reference ?? (error instanceof Error ? error.message : String(error))}</Code>
      <Button onClick={() => window.location.reload()}>{t('shell.crash.act')}</Button>
    </EmptyPage>
  );
}
