import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';

import { ScanSummary } from './ScanSummary';
import { useObjectUrl } from './useObjectUrl';
import classes from '../scan.module.css';

import { toastProblem } from '@/components/feedback/toast';
import type { ScanId } from '@/lib/brand';
import { formatAgo } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { removeShot, retryShot, sendShotAgain } from '@/lib/queue/shots';
import { askForFlush } from '@/lib/queue/useQueueFlush';
import type { Shot } from '@/lib/storage/database';

export function TrayRow({ shot }: { shot: Shot }) {
  const { t } = useTranslation();
  const { online } = useNetwork();
  const address = useObjectUrl(shot.picture);
  const when = formatAgo(shot.taken, t('common.ago.now'));
  const again = () => void sendShotAgain(shot.id).then(askForFlush, toastProblem);
  const retry = () => void retryShot(shot.id).then(askForFlush, toastProblem);
  const words = {
    waiting: online ? t('scan.state.waiting') : t('scan.state.waitingOffline'),
    sending: t('scan.state.sending'),
    refused: t('scan.state.refused', { reason: shot.reason ?? '' }),
    sent: '',
  }[shot.state];

  return (
    <li className={classes.row}>
      <div className={classes.thumb}>
        <img src={address} alt={t('scan.photoFrom', { when })} />
      </div>
      <div>
        {shot.state === 'sent' && shot.scanId !== null ? (
          <ScanSummary scanId={shot.scanId as ScanId} onAgain={again} />
        ) : (
          <Group gap="sm">
            <Text {...(shot.state === 'refused' ? { c: 'danger' } : {})}>{words}</Text>
            {shot.state === 'refused' && (
              <Button variant="default" onClick={retry}>
                {t('common.retry')}
              </Button>
            )}
          </Group>
        )}
        <Text size="sm" c="dimmed">
          {when}
        </Text>
      </div>
      <ActionIcon aria-label={t('scan.remove')} onClick={() => void removeShot(shot.id)}>
        <IconX size={20} aria-hidden />
      </ActionIcon>
    </li>
  );
}
