import { Radio, SegmentedControl, Stack, useMantineColorScheme } from '@mantine/core';

import { useChooseTheme } from '@/components/preferences/useChooseTheme';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import { type Scheme, schemes } from '@/lib/session/preferences';
import { densities } from '@/lib/storage/density';
import { usePreference } from '@/lib/storage/preference';

const isScheme = (value: string): value is Scheme => (schemes as readonly string[]).includes(value);

export function Appearance() {
  const { t } = useTranslation();
  const { colorScheme } = useMantineColorScheme();
  const choose = useChooseTheme();
  const [density, setDensity] = usePreference('collection-density', densities, 'gallery');
  return (
    <Section title={t('settings.look.title')}>
      <Stack>
        <Radio.Group
          label={t('settings.look.theme')}
          value={colorScheme}
          onChange={(value) => isScheme(value) && choose(value)}
        >
          <Stack gap={0} mt={4}>
            <Radio value="light" label={t('settings.look.light')} py={10} />
            <Radio value="dark" label={t('settings.look.dark')} py={10} />
            <Radio value="auto" label={t('settings.look.system')} py={10} />
          </Stack>
        </Radio.Group>
        <div>
          <label id="density-label" style={{ fontWeight: 600, fontSize: '0.875rem' }}>
            {t('settings.look.density')}
          </label>
          <br />
          <SegmentedControl
            mt={4}
            size="md"
            aria-labelledby="density-label"
            value={density}
            onChange={setDensity}
            data={densities.map((value) => ({ value, label: t(`collection.densities.${value}`) }))}
          />
        </div>
      </Stack>
    </Section>
  );
}
