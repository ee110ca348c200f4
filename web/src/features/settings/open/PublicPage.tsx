import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { PublicForm } from './PublicForm';
import { PublicShelves } from './PublicShelves';
import { publicProfileQuery } from '../api/publicPage';

import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';

/** What strangers see of a person, and whether they do. */
export function PublicPage() {
  const { t } = useTranslation();
  const profile = useQuery(publicProfileQuery);
  return (
    <>
      <Section title={t('open.title')} text={t('open.text')}>
        {profile.isPending && <Skeleton h={320} maw={480} />}
        <Failing of={profile} />
        {profile.data !== undefined && <PublicForm profile={profile.data} />}
      </Section>
      <PublicShelves />
    </>
  );
}
