import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { OnceShown } from './OnceShown';
import { type MadeLink, ShareForm } from './ShareForm';
import classes from './sharing.module.css';
import { leadsTo, type Target } from './target';

import { FormBehind } from '@/components/feedback/FormBehind';
import { useAct } from '@/components/feedback/useAct';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { isLiving, revokeShare, type Share, sharesQuery } from '@/lib/shares/shares';

interface Props {
  /** Without any, there are links to see and none to make. */
  targets: readonly Target[];
  /** Only the links to these targets; else all of the space. */
  only?: boolean;
  /** What a link's target is called, where it is none of the targets. */
  named?: (share: Share) => string;
}

/** Links by which anybody who holds them looks at something, and how to make one. */
export function ShareLinks({ targets, only = false, named }: Props) {
  const { t } = useTranslation();
  const shares = useQuery(sharesQuery);
  const [made, setMade] = useState<MadeLink | null>(null);
  const revoke = useAct(revokeShare, {
    said: t('sharing.revoked'),
    renews: [['shares']],
    onDone: () => setMade(null),
  });
  const living = shares.data
    ?.filter(isLiving)
    .filter((each) => !only || targets.some((target) => leadsTo(each, target)));
  const [first, ...others] = targets;
  const nameOf = (share: Share) =>
    targets.find((target) => leadsTo(share, target))?.name ?? named?.(share) ?? '';
  return (
    <>
      {shares.isPending && <Skeleton h={56} />}
      <Failing of={shares} />
      {made !== null && (
        <OnceShown
          text={t(made.locked ? 'sharing.onceLocked' : 'sharing.once')}
          address={made.address}
        />
      )}
      {living?.length === 0 && (
        <Text c="dimmed" mb="md">
          {t('sharing.none')}
        </Text>
      )}
      {living !== undefined && living.length > 0 && (
        <ul className={classes.links}>
          {living.map((each) => (
            <li key={each.id} className={classes.link}>
              <div>
                <div>{each.label || nameOf(each)}</div>
                <Text component="div" size="sm" c="dimmed">
                  {[
                    !only && nameOf(each),
                    t('sharing.until', { day: formatShortDay(each.expires_at as Instant) }),
                    t('sharing.views', { count: each.views }),
                    each.has_password && t('sharing.locked'),
                    each.with_prices && t('sharing.priced'),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
              </div>
              <Button
                variant="default"
                aria-label={t('sharing.revokeOne', { name: each.label || nameOf(each) })}
                onClick={() => revoke.mutate(each.id)}
              >
                {t('sharing.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {first !== undefined && (
        <FormBehind act={t('sharing.add')}>
          {(close) => (
            <ShareForm
              targets={[first, ...others]}
              onMade={(link) => {
                setMade(link);
                close();
              }}
              onCancel={close}
            />
          )}
        </FormBehind>
      )}
    </>
  );
}
