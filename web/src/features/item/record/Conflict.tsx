import { Button, Group, Stack, Table, Text } from '@mantine/core';

import { clashes, type RecordValues } from './difference';

import { Dialog } from '@/components/feedback/Dialog';
import { showValue } from '@/components/fields/showValue';
import { useTranslation } from '@/lib/i18n';
import type { Field, Kind } from '@/lib/wire/kind';

interface Props {
  base: RecordValues;
  theirs: RecordValues;
  mine: RecordValues;
  kind: Kind;
  own: readonly Field[];
  saving: boolean;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onClose: () => void;
}

const PARTS = ['title', 'tags', 'notes', 'quantity'] as const;

const isPart = (name: string): name is (typeof PARTS)[number] =>
  (PARTS as readonly string[]).includes(name);

/** The record moved on while it was edited: both sides are shown, the person decides. */
export function Conflict({
  base,
  theirs,
  mine,
  kind,
  own,
  saving,
  onKeepMine,
  onTakeTheirs,
  onClose,
}: Props) {
  const { t } = useTranslation();
  const words = { yes: t('common.yes'), no: t('common.no') };
  const rows = clashes(base, theirs, mine);
  const fieldOf = (name: string) => [...kind.fields, ...own].find((field) => field.name === name);
  return (
    <Dialog onClose={onClose} title={t('item.conflict.title')} size="lg">
      <Stack>
        <Text>{t('item.conflict.text')}</Text>
        {rows.length === 0 ? (
          <Text c="dimmed">{t('item.conflict.noOverlap')}</Text>
        ) : (
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('item.conflict.field')}</Table.Th>
                <Table.Th>{t('item.conflict.theirs')}</Table.Th>
                <Table.Th>{t('item.conflict.mine')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ name, theirs: there, mine: here }) => {
                const field = fieldOf(name);
                return (
                  <Table.Tr key={name}>
                    <Table.Td>
                      {field?.label ?? (isPart(name) ? t(`item.changedFields.${name}`) : name)}
                    </Table.Td>
                    <Table.Td>{showValue(field, there, words) || t('item.nothing')}</Table.Td>
                    <Table.Td>{showValue(field, here, words) || t('item.nothing')}</Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onTakeTheirs}>
            {t('item.conflict.takeTheirs')}
          </Button>
          <Button loading={saving} onClick={onKeepMine}>
            {t('item.conflict.keepMine')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
