import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { changeItem, type ItemChange } from '../api/changeItem';
import type { Versioned } from '../api/getItem';
import { carryOver } from './carryOver';

import { useAct } from '@/components/feedback/useAct';
import { isUnsaved, KeepEdits } from '@/components/fields/KeepEdits';
import { useBase } from '@/components/fields/useBase';
import { focusFirstError } from '@/lib/focusFirstError';
import { currencies, readAmount, writeAmount } from '@/lib/format/money';
import { useTranslation } from '@/lib/i18n';
import { usePreferences } from '@/lib/session/preferences';

interface Props {
  versioned: Versioned;
  onDone: () => void;
}

/** A price in the currency that it was paid in. */
export function CostForm({ versioned, onDone }: Props) {
  const { t } = useTranslation();
  const { item } = versioned;
  const { cost } = item;
  const etag = useBase(cost, versioned.etag);
  const { currency: usual } = usePreferences();
  const save = useAct((change: ItemChange) => changeItem(item.id, change, etag), {
    said: t('private.savedCost'),
    renews: [['item', item.id], ['items'], ['stats']],
    onDone,
  });
  const form = useForm({
    initialValues: {
      amount: cost === null ? '' : writeAmount(cost),
      fees:
        cost === null || cost.fees_minor === 0
          ? ''
          : writeAmount({ amount_minor: cost.fees_minor, currency: cost.currency }),
      currency: cost?.currency ?? usual,
      acquired_on: cost?.acquired_on ?? '',
      source: cost?.source ?? '',
    },
    validate: {
      amount: (text, { currency }) =>
        text.trim() === '' ? t('private.amountNeeded') : refusal(text, currency),
      fees: (text, { currency }) => (text.trim() === '' ? null : refusal(text, currency)),
    },
  });
  const amountProps = (name: 'amount' | 'fees') => ({
    inputMode: 'decimal' as const,
    autoComplete: 'off',
    maxLength: 40,
    ...form.getInputProps(name),
    // Shown as it was understood, before it is saved.
    onBlur: () => {
      const { currency } = form.values;
      const amount_minor = readAmount(form.values[name], currency);
      if (typeof amount_minor === 'number')
        form.setFieldValue(name, writeAmount({ amount_minor, currency }));
    },
  });
  /** The amounts stay what they are; one that the currency cannot tell is marked. */
  const change = (next: string) => {
    const { currency } = form.values;
    form.setFieldValue('currency', next);
    for (const name of ['amount', 'fees'] as const) {
      const text = carryOver(form.values[name], currency, next);
      form.setFieldValue(name, text);
      form.setFieldError(name, text.trim() === '' ? null : refusal(text, next));
    }
  };
  return (
    <form
      onSubmit={form.onSubmit(
        ({ amount, fees, currency, acquired_on, source }) =>
          save.mutate({
            cost: {
              amount_minor: Number(readAmount(amount, currency)),
              fees_minor: fees.trim() === '' ? 0 : Number(readAmount(fees, currency)),
              currency,
              acquired_on: acquired_on === '' ? null : acquired_on,
              source: source.trim(),
            },
          }),
        focusFirstError,
      )}
      noValidate
    >
      <Stack maw={480} mb="md">
        <Group grow align="flex-start">
          <TextInput label={t('private.paid')} autoFocus {...amountProps('amount')} />
          <Select
            label={t('private.currency')}
            data={currencies()}
            searchable
            allowDeselect={false}
            value={form.values.currency}
            error={form.errors.currency}
            onChange={(next) => {
              if (next !== null) change(next);
            }}
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput label={t('private.fees')} {...amountProps('fees')} />
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
        <KeepEdits unsaved={isUnsaved(form, save)} />
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

  function refusal(text: string, currency: string): string | null {
    const amount = readAmount(text, currency);
    if (amount === 'negative') return t('private.amountNegative');
    if (amount !== 'unclear') return null;
    return t('private.amountUnclear', {
      example: writeAmount({ amount_minor: 123_450, currency }),
      currency,
    });
  }
}
