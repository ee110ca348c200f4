import { Button, Checkbox, NativeSelect, Text } from '@mantine/core';

import { type Person, revokeGrant, roles, setGrant } from '../api/people';
import classes from './shelves.module.css';

import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import type { Shelf } from '@/lib/shelves/shelves';

interface Props {
  shelf: Shelf;
  person: Person;
  /** The id of whoever looks. */
  me: string;
  /** The last who decides about a private room stays. */
  fixed: boolean;
}

/** One person who was let in, and what they may do. */
export function PersonRow({ shelf, person, me, fixed }: Props) {
  const { t } = useTranslation();
  const { seesMoney } = useRights();
  const renews = [['grants', shelf.id], ['collections']];
  const change = useAct(setGrant, { said: t('shelves.people.changed'), renews });
  const remove = useAct(revokeGrant, { said: t('shelves.people.removed'), renews });
  const name = person.display_name ?? person.email;
  const grant = { shelf: shelf.id, person: person.user_id };
  // What was just chosen is shown at once.
  const { role, sees_money = false } = change.isPending ? change.variables : person;
  return (
    <li className={classes.person}>
      <div>
        <div>{person.user_id === me ? `${name} (${t('shelves.people.you')})` : name}</div>
        {name !== person.email && (
          <Text component="div" size="sm" c="dimmed">
            {person.email}
          </Text>
        )}
      </div>
      {fixed ? (
        <Text size="sm" c="dimmed">
          {t('shelves.people.last')}
        </Text>
      ) : (
        <>
          {(seesMoney || sees_money) && (
            <Checkbox
              py={12}
              label={t('shelves.people.money')}
              aria-label={t('shelves.people.moneyOf', { name })}
              checked={sees_money}
              disabled={change.isPending}
              onChange={(event) =>
                change.mutate({ ...grant, role, sees_money: event.currentTarget.checked })
              }
            />
          )}
          <NativeSelect
            aria-label={t('shelves.people.roleOf', { name })}
            data={roles.map((value) => ({ value, label: t(`shelves.people.roles.${value}`) }))}
            value={role}
            disabled={change.isPending}
            onChange={(event) =>
              change.mutate({ ...grant, role: event.currentTarget.value, sees_money })
            }
          />
          <Button
            variant="default"
            aria-label={t('shelves.people.removeOne', { name })}
            onClick={() => remove.mutate(grant)}
          >
            {t('shelves.people.remove')}
          </Button>
        </>
      )}
    </li>
  );
}
