import '@/lib/i18n/later';

import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { BackToCatalogues } from './BackToCatalogues';
import { ImportForm } from './import/ImportForm';
import { ImportProgress } from './import/ImportProgress';

import { PageHead } from '@/components/layout/PageHead';
import type { JobId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

const route = getRouteApi('/inside/catalogue/import');

export function ImportPage() {
  const { t } = useTranslation();
  const { is_admin: admin } = useMe();
  const { into } = route.useSearch();
  const [job, setJob] = useState<JobId | null>(null);
  return (
    <div style={{ maxWidth: 720 }}>
      <BackToCatalogues />
      <PageHead title={t('catalogue.importPage.title')} text={t('catalogue.importPage.text')} />
      {!admin ? (
        <Text>{t('catalogue.importPage.adminOnly')}</Text>
      ) : job === null ? (
        <ImportForm into={into} onStarted={setJob} />
      ) : (
        <ImportProgress id={job} onAgain={() => setJob(null)} />
      )}
    </div>
  );
}
