import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Cabinet } from './Cabinet';
import { EmptyPage } from './Empty';

import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

/** A page that adds or changes things; who may only look is told so before any work is lost. */
export function ForEditors({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  if (useRights().edits) return children;
  return (
    <EmptyPage
      picture={<Cabinet />}
      title={t('common.onlyLooking.title')}
      text={t('common.onlyLooking.text')}
    >
      <Button renderRoot={(props) => <Link to="/collection" {...props} />}>
        {t('common.onlyLooking.act')}
      </Button>
    </EmptyPage>
  );
}
