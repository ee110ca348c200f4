import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import classes from '../admin.module.css';
import { clientsQuery, registerClient, removeClient } from '../api/server';

import { AskFirst } from '@/components/feedback/AskFirst';
import { FormBehind } from '@/components/feedback/FormBehind';
import { useAct } from '@/components/feedback/useAct';
import { NewProgramForm } from '@/components/programs/NewProgramForm';
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
  const queryClient = useQueryClient();
  const clients = useQuery(clientsQuery);
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
      <FormBehind
        act={t('admin.programs.add')}
        mb="md"
        variant={made === null ? 'filled' : 'default'}
      >
        {(close) => (
          <NewProgramForm
            nameHint={t('admin.programs.nameHint')}
            register={registerClient}
            onMade={(program) => {
              setMade(program.client_id);
              void queryClient.invalidateQueries(clientsQuery);
              close();
            }}
            onCancel={close}
          />
        )}
      </FormBehind>
      {clients.isPending && <Skeleton h={120} />}
      <Failing of={clients} />
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
