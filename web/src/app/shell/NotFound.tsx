import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { useTranslation } from '@/lib/i18n';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main>
      <EmptyPage
        picture={<Cabinet />}
        title={t('shell.notFound.title')}
        text={t('shell.notFound.text')}
      >
        <Button renderRoot={(props) => <Link to="/" {...props} />}>
          {t('shell.notFound.act')}
        </Button>
      </EmptyPage>
    </main>
  );
}
