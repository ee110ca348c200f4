import { Button, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { scansQuery, type ScanRow } from './api/listScans';
import classes from './scan.module.css';

import { Crop } from '@/components/detection/Crop';
import { PageHead } from '@/components/layout/PageHead';
import { Cabinet } from '@/components/states/Cabinet';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { More } from '@/components/states/More';
import { formatMoment } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** Every photo that was scanned, whichever device it came from. */
export function ScansPage() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(scansQuery);
  const scans = list.data?.pages.flatMap(({ rows }) => rows) ?? [];
  return (
    <>
      <PageHead title={t('scan.all.title')} text={t('scan.all.text')}>
        <Button renderRoot={(props) => <Link to="/scan" {...props} />}>
          {t('scan.result.again')}
        </Button>
      </PageHead>
      <Failing of={list} />
      {list.isPending && (
        <div className={classes.scans} aria-busy>
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton key={index} h={220} />
          ))}
        </div>
      )}
      {list.data !== undefined && scans.length === 0 && (
        <Empty picture={<Cabinet />} title={t('scan.all.none')} text={t('scan.text')} />
      )}
      <ul className={classes.scans}>
        {scans.map((scan) => (
          <ScanTile key={scan.id} scan={scan} />
        ))}
      </ul>
      <More of={list} />
    </>
  );
}

function ScanTile({ scan }: { scan: ScanRow }) {
  const { t } = useTranslation();
  const when = formatMoment(scan.created_at);
  return (
    <li>
      <Link to="/scan/$scanId" params={{ scanId: scan.id }} className={classes.scan}>
        <Crop
          url={scan.photos[0]?.thumbnail_url ?? null}
          alt={t('scan.photoFrom', { when })}
          className={classes.scanPhoto}
        />
        <Text className="figures">{when}</Text>
        <Text size="sm" c={scan.status === 'failed' ? 'danger' : 'dimmed'}>
          {scan.photos.length > 1 && `${t('scan.all.photos', { count: scan.photos.length })} · `}
          {t(`scan.all.states.${scan.status}`)}
        </Text>
      </Link>
    </li>
  );
}
