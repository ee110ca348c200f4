import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { invite, offersQuery, roles, withdrawOffer } from '../api/people';
import classes from './shelves.module.css';

import { useAct } from '@/components/feedback/useAct';
import { OnceShown } from '@/components/sharing/OnceShown';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { useMe } from '@/lib/session/session';
import type { Shelf } from '@/lib/shelves/shelves';

/** Offers a seat in one collection, by address or by a link for whoever holds it. */
export function Invite({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation();
  const { space_id: space } = useMe();
  const { seesMoney, arranges } = useRights();
  const [page, setPage] = useState<string | null>(null);
  const form = useForm({ initialValues: { email: '', role: 'viewer', money: false } });
  const offer = useAct(invite, {
    said: t('shelves.people.invited'),
    renews: [['offers', space]],
    onDone: (made) => {
      setPage(made);
      form.reset();
    },
  });
  return (
    <section>
      <Title order={3} fz="1.1rem">
        {t('shelves.people.invite')}
      </Title>
      <Text c="dimmed" size="sm" mb="xs">
        {t('shelves.people.inviteText')}
      </Text>
      <form
        onSubmit={form.onSubmit(({ email, role, money }) =>
          offer.mutate({
            shelf: shelf.id,
            role,
            sees_money: money,
            email: email.trim() === '' ? null : email.trim(),
          }),
        )}
        noValidate
      >
        <Stack gap="xs" mb="lg">
          <TextInput
            type="email"
            label={t('shelves.people.address')}
            description={t('shelves.people.addressHint')}
            {...form.getInputProps('email')}
          />
          <Group align="flex-end">
            <NativeSelect
              label={t('shelves.people.role')}
              data={roles.map((value) => ({ value, label: t(`shelves.people.roles.${value}`) }))}
              {...form.getInputProps('role')}
            />
            {seesMoney && (
              <Checkbox
                py={12}
                label={t('shelves.people.money')}
                {...form.getInputProps('money', { type: 'checkbox' })}
              />
            )}
            <Button type="submit" loading={offer.isPending}>
              {t('shelves.people.inviteAct')}
            </Button>
          </Group>
        </Stack>
      </form>
      {page !== null && <OnceShown text={t('shelves.people.link')} address={page} />}
      {/* A guest may offer a seat, but what was offered is told to members alone. */}
      {arranges && <Open shelf={shelf} space={space} />}
    </section>
  );
}

function Open({ shelf, space }: { shelf: Shelf; space: string }) {
  const { t } = useTranslation();
  const offers = useQuery(offersQuery(space));
  const withdraw = useAct(withdrawOffer, {
    said: t('shelves.people.withdrawn'),
    renews: [['offers', space]],
  });
  const here = offers.data?.filter(({ collection_id }) => collection_id === shelf.id) ?? [];
  if (here.length === 0) return <Failing of={offers} />;
  return (
    <>
      <Title order={3} fz="1.1rem">
        {t('shelves.people.open')}
      </Title>
      <ul className={classes.people}>
        {here.map((each) => (
          <li key={each.id} className={classes.person}>
            <div>
              <div>{each.email ?? t('shelves.people.byLink')}</div>
              <Text component="div" size="sm" c="dimmed">
                {t('shelves.people.openUntil', {
                  day: formatShortDay(each.expires_at as Instant),
                })}
              </Text>
            </div>
            <Button variant="default" onClick={() => withdraw.mutate({ space, id: each.id })}>
              {t('shelves.people.withdraw')}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
