import '@/lib/i18n/later';

import { Button, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { waitingQuery } from './api/listWaiting';
import { ManyBar } from './ManyBar';
import { Queue } from './Queue';
import classes from './review.module.css';
import { Deciding } from './Deciding';
import { useInbox } from './useInbox';

import { PageHead } from '@/components/layout/PageHead';
import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { ForEditors } from '@/components/states/ForEditors';
import { More } from '@/components/states/More';
import { useTranslation } from '@/lib/i18n';

export function ReviewPage() {
  return (
    <ForEditors arranging>
      <Page />
    </ForEditors>
  );
}

function Page() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(waitingQuery);
  const inbox = useInbox(list.data?.pages.flatMap(({ rows }) => rows) ?? []);

  if (list.isLoadingError) return <Failing of={list} />;
  if (list.isPending) {
    return (
      <div className={classes.page} aria-busy>
        <Skeleton h={420} />
        <Skeleton h={520} />
        <Skeleton h={360} />
      </div>
    );
  }
  if (inbox.current === null) {
    return (
      <EmptyPage
        picture={<Cabinet />}
        title={t('review.empty.title')}
        text={t('review.empty.text')}
      >
        <Button renderRoot={(props) => <Link to="/scan" {...props} />}>
          {t('review.empty.act')}
        </Button>
      </EmptyPage>
    );
  }
  return (
    <>
      <PageHead title={t('review.title')} text={t('review.left', { count: inbox.waiting.length })}>
        <ManyBar inbox={inbox} />
      </PageHead>
      <div className={classes.page}>
        <Queue inbox={inbox} />
        <Deciding key={inbox.current.id} detection={inbox.current} inbox={inbox} />
      </div>
      <More of={list} />
      <Text size="sm" c="dimmed" mt="xl" visibleFrom="md">
        {t('review.keysList')}
      </Text>
    </>
  );
}
