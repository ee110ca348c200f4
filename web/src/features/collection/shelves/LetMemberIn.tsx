import { Button, Group, NativeSelect, Title } from '@mantine/core';
import { useForm } from '@mantine/form';

import { type Person, roles, setGrant } from '../api/people';

import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import type { Shelf } from '@/lib/shelves/shelves';

/** Members of the space do not see a private room by themselves. */
export function LetMemberIn({ shelf, members }: { shelf: Shelf; members: Person[] }) {
  const { t } = useTranslation();
  const { seesMoney } = useRights();
  const form = useForm({ initialValues: { person: '', role: 'viewer' } });
  const letIn = useAct(setGrant, {
    said: t('shelves.people.letIn'),
    renews: [['grants', shelf.id]],
    onDone: () => form.reset(),
  });
  const chosen = form.values.person || (members[0]?.user_id ?? '');
  return (
    <form
      onSubmit={form.onSubmit(({ role }) =>
        letIn.mutate({
          shelf: shelf.id,
          person: chosen,
          role,
          sees_money: seesMoney && role === 'owner',
        }),
      )}
    >
      <Title order={3} fz="1.1rem" mb="xs">
        {t('shelves.people.member')}
      </Title>
      <Group align="flex-end" mb="xl">
        <NativeSelect
          flex={1}
          miw={200}
          label={t('shelves.people.memberWho')}
          data={members.map(({ user_id, display_name, email }) => ({
            value: user_id,
            label: display_name ?? email,
          }))}
          value={chosen}
          onChange={(event) => form.setFieldValue('person', event.currentTarget.value)}
        />
        <NativeSelect
          label={t('shelves.people.role')}
          data={roles.map((value) => ({ value, label: t(`shelves.people.roles.${value}`) }))}
          {...form.getInputProps('role')}
        />
        <Button type="submit" variant="default" loading={letIn.isPending}>
          {t('shelves.people.memberAct')}
        </Button>
      </Group>
    </form>
  );
}
