import { Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { changeItem, type ItemChange } from '../api/changeItem';
import type { Versioned } from '../api/getItem';

import { useAct } from '@/components/feedback/useAct';
import { currencies, digitsOf, toMajor, toMinor } from '@/lib/format/money';
import { useTranslation } from '@/lib/i18n';
import { usePreferences } from '@/lib/session/preferences';

interface Props {
  versioned: Versioned;
  onDone: () => void;
}

/** A price in the currency that it was paid in. */
export function CostForm({ versioned, onDone }: Props) {
  const { t } = useTranslation();
  const { item, etag } = versioned;
  const { cost } = item;
  const { currency: usual } = usePreferences();
  const save = useAct((change: ItemChange) => changeItem(item.id, change, etag), {
    said: t('private.savedCost'),
    renews: [['item', item.id], ['items'], ['stats']],
    onDone,
  });
  const form = useForm({
    initialValues: {
      amount: (cost === null ? '' : toMajor(cost)) as number | string,
      fees: (cost === null || cost.fees_minor === 0
        ? ''
        : toMajor({ amount_minor: cost.fees_minor, currency: cost.currency })) as number | string,
      currency: cost?.currency ?? usual,
      acquired_on: cost?.acquired_on ?? '',
      source: cost?.source ?? '',
    },
    validate: { amount: (value) => (value === '' ? t('private.amountNeeded') : null) },
  });
  const digits = digitsOf(form.values.currency);
  return (
    <form
      onSubmit={form.onSubmit(({ amount, fees, currency, acquired_on, source }) =>
        save.mutate({
          cost: {
            amount_minor: toMinor(Number(amount), currency),
            fees_minor: toMinor(Number(fees || 0), currency),
            currency,
            acquired_on: acquired_on === '' ? null : acquired_on,
            source: source.trim(),
          },
        }),
      )}
      noValidate
    >
      <Stack maw={480} mb="md">
        <Group grow align="flex-start">
          <NumberInput
            label={t('private.paid')}
            autoFocus
            min={0}
            max={1e12}
            decimalScale={digits}
            fixedDecimalScale
            thousandSeparator=","
            hideControls
            inputMode="decimal"
            {...form.getInputProps('amount')}
          />
          <Select
            label={t('private.currency')}
            data={currencies()}
            searchable
            allowDeselect={false}
            {...form.getInputProps('currency')}
          />
        </Group>
        <Group grow align="flex-start">
          <NumberInput
            label={t('private.fees')}
            min={0}
            max={1e12}
            decimalScale={digits}
            fixedDecimalScale
            thousandSeparator=","
            hideControls
            inputMode="decimal"
            {...form.getInputProps('fees')}
          />
          <TextInput
            type="date"
            label={t('private.acquired')}
            {...form.getInputProps('acquired_on')}
          />
        </Group>
        <TextInput
          label={t('private.source')}
          placeholder={t('private.sourceHint')}
          maxLength={500}
          {...form.getInputProps('source')}
        />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          {cost !== null && (
            <Button
              variant="subtle"
              color="danger"
              loading={save.isPending}
              onClick={() => save.mutate({ cost: null })}
            >
              {t('private.removeCost')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
