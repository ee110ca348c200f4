import { SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useId } from 'react';

import { useSetPreference } from '@/components/preferences/useSetPreference';
import { Section } from '@/components/rows/Section';
import type { Instant } from '@/lib/brand';
import { formatMoment } from '@/lib/format/format';
import { currencies } from '@/lib/format/money';
import { lengths, weights } from '@/lib/format/units';
import { useTranslation } from '@/lib/i18n';
import { usePreferences } from '@/lib/session/preferences';

/** The choice of the zone that the device is in. */
const DEVICE = 'device';

/** Money, time and sizes as the person thinks of them. */
export function Measures() {
  const { t } = useTranslation();
  const chosen = usePreferences();
  const set = useSetPreference();
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <Section title={t('settings.measures.title')} text={t('settings.measures.text')}>
      <Stack maw={420}>
        <Select
          label={t('settings.measures.currency')}
          description={t('settings.measures.currencyHint')}
          data={currencies()}
          searchable
          allowDeselect={false}
          value={chosen.currency}
          onChange={(currency) => currency !== null && set({ currency })}
        />
        <Select
          label={t('settings.measures.zone')}
          description={t('settings.measures.now', {
            moment: formatMoment(new Date().toISOString() as Instant),
          })}
          data={[
            { value: DEVICE, label: t('settings.measures.device') },
            ...zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
          ]}
          searchable
          allowDeselect={false}
          value={chosen.time_zone ?? DEVICE}
          onChange={(zone) => zone !== null && set({ time_zone: zone === DEVICE ? null : zone })}
        />
        <Units
          name={t('settings.measures.length')}
          data={lengths.map((value) => ({ value, label: t(`settings.measures.units.${value}`) }))}
          value={chosen.length}
          onChange={(length) => set({ length })}
        />
        <Units
          name={t('settings.measures.weight')}
          data={weights.map((value) => ({ value, label: t(`settings.measures.units.${value}`) }))}
          value={chosen.weight}
          onChange={(weight) => set({ weight })}
        />
      </Stack>
    </Section>
  );
}

interface UnitsProps<Unit extends string> {
  name: string;
  data: { value: Unit; label: string }[];
  value: Unit;
  onChange: (unit: Unit) => void;
}

function Units<Unit extends string>({ name, ...choice }: UnitsProps<Unit>) {
  const id = useId();
  return (
    <div>
      <Text component="label" id={id} fw={600} size="sm">
        {name}
      </Text>
      <br />
      <SegmentedControl mt={4} size="md" aria-labelledby={id} {...choice} />
    </div>
  );
}
