import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';

import classes from './Shell.module.css';

import { toastProblem } from '@/components/feedback/toast';
import { useTranslation } from '@/lib/i18n';
import { endActing } from '@/lib/session/acting';
import { noticeWho } from '@/lib/session/actsAs';
import { useMe } from '@/lib/session/session';

/** Says on every page that all of this is done as somebody else, and ends it. */
export function ActingBanner() {
  const { t } = useTranslation();
  const me = useMe();
  const isActing = me.impersonator !== null;
  const ending = useMutation({ mutationFn: endActing, onError: toastProblem });
  useEffect(() => noticeWho(isActing ? me.id : null), [isActing, me.id]);
  if (!isActing) return null;
  return (
    <div className={classes.acting} role="region" aria-label={t('shell.acting.label')}>
      <span>
        {t('shell.acting.text', {
          name: me.display_name === null ? me.email : `${me.display_name} (${me.email})`,
        })}
      </span>
      <Button variant="default" loading={ending.isPending} onClick={() => ending.mutate()}>
        {t('shell.acting.end')}
      </Button>
    </div>
  );
}
