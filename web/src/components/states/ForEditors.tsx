import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Cabinet } from './Cabinet';
import { EmptyPage } from './Empty';

import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

interface Props {
  /** It concerns the whole space, so guests of single collections may not either. */
  arranging?: boolean;
  children: ReactNode;
}

/** A page that adds or changes things; who may only look is told so before any work is lost. */
export function ForEditors({ arranging = false, children }: Props) {
  const { t } = useTranslation();
  const { edits, arranges } = useRights();
  if (arranging ? arranges : edits) return children;
  return (
    <EmptyPage
      picture={<Cabinet />}
      title={t(edits ? 'common.errors.forbidden' : 'common.onlyLooking.title')}
      text={t(edits ? 'common.onlyLooking.textGuest' : 'common.onlyLooking.text')}
    >
      <Button renderRoot={(props) => <Link to="/collection" {...props} />}>
        {t('common.onlyLooking.act')}
      </Button>
    </EmptyPage>
  );
}
