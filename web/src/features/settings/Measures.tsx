import { SegmentedControl, Select, Stack, Text } from '@mantine/core';

import { Section } from './Section';
import { useSetPreference } from './usePreference';

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
        <div>
          <Text component="label" id="length-label" fw={600} size="sm">
            {t('settings.measures.length')}
          </Text>
          <br />
          <SegmentedControl
            mt={4}
            size="md"
            aria-labelledby="length-label"
            value={chosen.length}
            onChange={(length) => set({ length })}
            data={lengths.map((value) => ({ value, label: t(`settings.measures.units.${value}`) }))}
          />
        </div>
        <div>
          <Text component="label" id="weight-label" fw={600} size="sm">
            {t('settings.measures.weight')}
          </Text>
          <br />
          <SegmentedControl
            mt={4}
            size="md"
            aria-labelledby="weight-label"
            value={chosen.weight}
            onChange={(weight) => set({ weight })}
            data={weights.map((value) => ({ value, label: t(`settings.measures.units.${value}`) }))}
          />
        </div>
      </Stack>
    </Section>
  );
}
