import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import classes from '../admin.module.css';
import { clientsQuery, removeClient } from '../api/server';
import { NewProgramForm } from './NewProgramForm';

import { AskFirst } from '@/components/feedback/AskFirst';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Rows } from '@/components/rows/Rows';
import { Section } from '@/components/rows/Section';
import { OnceShown } from '@/components/sharing/OnceShown';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatAgo } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

const origins = ['built_in', 'admin', 'person', 'dynamic'] as const;

/** Programs that may ask anybody here to log in. */
export function ProgramsPage() {
  const { t } = useTranslation();
  const clients = useQuery(clientsQuery);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [going, setGoing] = useState<string | null>(null);
  const remove = useAct(removeClient, {
    said: t('admin.programs.removed'),
    renews: [['clients']],
    onDone: () => setGoing(null),
  });
  const originWord = (origin: string) => {
    const known = origins.find((each) => each === origin);
    return known === undefined ? origin : t(`admin.programs.origins.${known}`);
  };
  return (
    <Section title={t('admin.programs.title')} text={t('admin.programs.text')}>
      {made !== null && <OnceShown address={made} text={t('admin.programs.made')} />}
      {making ? (
        <NewProgramForm
          onMade={(id) => {
            setMade(id);
            setMaking(false);
          }}
          onCancel={() => setMaking(false)}
        />
      ) : (
        <Button
          mb="md"
          variant={made === null ? 'filled' : 'default'}
          onClick={() => setMaking(true)}
        >
          {t('admin.programs.add')}
        </Button>
      )}
      {clients.isPending && <Skeleton h={120} />}
      {clients.isError && <Failing error={clients.error} retry={clients.refetch} />}
      {clients.data?.length === 0 && <Text c="dimmed">{t('admin.programs.none')}</Text>}
      <Rows label={t('admin.programs.title')}>
        {clients.data?.map((each) => (
          <Row
            key={each.client_id}
            title={each.name}
            text={
              <>
                {originWord(each.origin)} ·{' '}
                {each.last_used_at === null
                  ? t('admin.programs.never')
                  : t('admin.programs.last', {
                      ago: formatAgo(each.last_used_at as Instant, t('common.ago.now')),
                    })}
                <br />
                {t('admin.programs.id')}: <span className={classes.value}>{each.client_id}</span>
                {each.redirect_uris.map((uri) => (
                  <div key={uri} className={classes.value}>
                    {uri}
                  </div>
                ))}
              </>
            }
          >
            {each.origin !== 'built_in' && (
              <Button
                variant="default"
                aria-label={t('admin.programs.removeOne', { name: each.name })}
                onClick={() => setGoing(each.client_id)}
              >
                {t('admin.programs.remove')}
              </Button>
            )}
          </Row>
        ))}
      </Rows>
      {going !== null && (
        <AskFirst
          act={t('admin.programs.remove')}
          text={t('admin.programs.removeText')}
          pending={remove.isPending}
          onYes={() => remove.mutate(going)}
          onClose={() => setGoing(null)}
        />
      )}
    </Section>
  );
}
