import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { useInViewport, useNetwork } from '@mantine/hooks';
import { IconPhotoOff, IconX } from '@tabler/icons-react';
import { useState } from 'react';

import { ScanSummary } from './ScanSummary';
import { useObjectUrl } from './useObjectUrl';
import classes from '../scan.module.css';

import { toastProblem } from '@/components/feedback/toast';
import type { ScanId } from '@/lib/brand';
import { formatAgo } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { isOfCamera, keepFound, removeShot, retryShot, sendShotAgain } from '@/lib/queue/shots';
import { askForFlush } from '@/lib/queue/useQueueFlush';
import type { Shot } from '@/lib/storage/database';

export function TrayRow({ shot }: { shot: Shot }) {
  const { t } = useTranslation();
  const { online } = useNetwork();
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  const address = useObjectUrl(shot.picture);
  const [unreadable, setUnreadable] = useState(false);
  const named = !isOfCamera(shot.name);
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
    <li ref={ref} className={classes.row}>
      <div className={classes.thumb}>
        {unreadable ? (
          <IconPhotoOff size={32} stroke={1.4} aria-hidden />
        ) : (
          <img
            src={address}
            alt={t('scan.photoFrom', { when })}
            onError={() => setUnreadable(true)}
          />
        )}
      </div>
      <div>
        {shot.state === 'sent' && shot.scanId !== null ? (
          <ScanSummary
            scanId={shot.scanId as ScanId}
            onAgain={again}
            known={shot.found}
            asks={shot.found === undefined || (inViewport && shot.found.open > 0)}
            onFound={(found) => void keepFound(shot.id, found)}
          />
        ) : (
          <Group gap="sm">
            <Text {...(shot.state === 'refused' ? { c: 'danger' } : {})}>{words}</Text>
            {shot.state === 'refused' && shot.hopeless !== true && (
              <Button variant="default" onClick={retry}>
                {t('common.retry')}
              </Button>
            )}
          </Group>
        )}
        <Text size="sm" c="dimmed">
          {named ? t('scan.nameAndWhen', { name: shot.name, when }) : when}
        </Text>
      </div>
      <ActionIcon aria-label={t('scan.remove')} onClick={() => void removeShot(shot.id)}>
        <IconX size={20} aria-hidden />
      </ActionIcon>
    </li>
  );
}
