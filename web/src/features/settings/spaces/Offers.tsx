import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { roles } from './roles';
import { offerSeat, offersQuery, withdrawOffer } from '../api/spaces';
import classes from '../settings.module.css';

import { Copy } from '@/components/feedback/Copy';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** Seats that are offered and not taken yet, and how to offer one. */
export function Offers({ spaceId, name }: { spaceId: string; name: string | null }) {
  const { t } = useTranslation();
  const offers = useQuery(offersQuery(spaceId));
  const [page, setPage] = useState<string | null>(null);
  const renews = [['offers', spaceId]];
  const offer = useAct(offerSeat, { said: t('settings.members.invited'), renews, onDone: setPage });
  const withdraw = useAct(withdrawOffer, { said: t('settings.members.withdrawn'), renews });
  const form = useForm({ initialValues: { email: '', role: 'viewer' } });
  return (
    <Stack gap="md">
      <form
        onSubmit={form.onSubmit(({ email, role }) =>
          offer.mutate({ spaceId, role, email: email.trim() === '' ? null : email.trim() }),
        )}
        noValidate
      >
        <Group align="flex-end">
          <TextInput
            type="email"
            flex={1}
            miw={220}
            label={name === null ? t('settings.members.invite') : t('sharing.inviteTo', { name })}
            description={t('settings.members.inviteHint')}
            {...form.getInputProps('email')}
          />
          <NativeSelect
            aria-label={t('settings.members.role')}
            data={roles.map((value) => ({ value, label: t(`settings.spaces.roles.${value}`) }))}
            {...form.getInputProps('role')}
          />
          <Button type="submit" variant="default" loading={offer.isPending}>
            {t('settings.members.inviteAct')}
          </Button>
        </Group>
      </form>
      {page !== null && (
        <Stack gap="xs" role="status">
          <Text>{t('settings.members.link')}</Text>
          <div className={classes.secret}>{page}</div>
          <Copy value={page} w="fit-content" />
        </Stack>
      )}
      <Failing of={offers} />
      <ul className={classes.fields}>
        {offers.data
          ?.filter(({ answer }) => answer === null)
          .map((each) => (
            <Row
              key={each.id}
              title={each.email ?? t('settings.members.byLink')}
              text={t('settings.members.openUntil', {
                day: formatShortDay(each.expires_at as Instant),
              })}
            >
              <Button variant="default" onClick={() => withdraw.mutate({ spaceId, id: each.id })}>
                {t('settings.members.withdraw')}
              </Button>
            </Row>
          ))}
      </ul>
    </Stack>
  );
}
