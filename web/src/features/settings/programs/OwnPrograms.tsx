import { Button, Group, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { ownProgramsQuery, registerProgram, removeProgram } from '../api/programs';
import classes from '../settings.module.css';

import { Copy } from '@/components/feedback/Copy';
import { AskFirst } from '@/components/feedback/AskFirst';
import { FormBehind } from '@/components/feedback/FormBehind';
import { toast } from '@/components/feedback/toast';
import { useAct } from '@/components/feedback/useAct';
import { NewProgramForm } from '@/components/programs/NewProgramForm';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';

/** What the person registered for others, and themselves, to let in. */
export function OwnPrograms() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const programs = useQuery(ownProgramsQuery);
  const [leaving, setLeaving] = useState<string | null>(null);
  const remove = useAct(removeProgram, {
    said: t('settings.own.removed'),
    renews: [['own-programs'], ['programs']],
    onDone: () => setLeaving(null),
  });
  return (
    <Section title={t('settings.own.title')} text={t('settings.own.text')}>
      {programs.isPending && <Skeleton h={56} />}
      <Failing of={programs} />
      <ul className={classes.fields}>
        {programs.data?.map(({ client_id, name, redirect_uris }) => (
          <Row
            key={client_id}
            title={name}
            text={
              <>
                {t('settings.own.id')}: <code>{client_id}</code>
                <br />
                {redirect_uris.join(', ')}
              </>
            }
          >
            <Group gap="xs" justify="flex-end">
              <Copy value={client_id} variant="default" />
              <Button
                variant="default"
                aria-label={t('settings.own.removeOne', { name })}
                onClick={() => setLeaving(client_id)}
              >
                {t('settings.own.remove')}
              </Button>
            </Group>
          </Row>
        ))}
      </ul>
      <FormBehind act={t('settings.own.add')}>
        {(close) => (
          <NewProgramForm
            nameHint={t('settings.own.nameHint')}
            register={registerProgram}
            onMade={() => {
              void queryClient.invalidateQueries(ownProgramsQuery);
              toast(t('settings.own.made'));
              close();
            }}
            onCancel={close}
          />
        )}
      </FormBehind>
      {leaving !== null && (
        <AskFirst
          act={t('settings.own.remove')}
          text={t('settings.own.removeText')}
          pending={remove.isPending}
          onYes={() => remove.mutate(leaving)}
          onClose={() => setLeaving(null)}
        />
      )}
    </Section>
  );
}
