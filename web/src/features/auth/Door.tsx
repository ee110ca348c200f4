import { Title } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './auth.module.css';
import { OpenCabinet } from './OpenCabinet';

import { usePageTitle } from '@/components/layout/usePageTitle';
import { useTranslation } from '@/lib/i18n';

/** The page around log-in and sign-up. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <div className={classes.page}>
      <div className={classes.side}>
        <span className={classes.mark}>{t('common.product')}</span>
        <OpenCabinet />
        <span className={classes.tagline}>{t('auth.tagline')}</span>
      </div>
      <main className={classes.form}>
        <Title order={1} fz="2rem" mb="xs">
          {title}
        </Title>
        {children}
      </main>
    </div>
  );
}
