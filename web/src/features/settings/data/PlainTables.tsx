import { Button, Group } from '@mantine/core';

import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';

const tables = [
  { name: 'csv', href: '/api/v1/export/csv' },
  { name: 'excel', href: '/api/v1/export/csv?bom=true' },
  { name: 'json', href: '/api/v1/export/json' },
] as const;

export function PlainTables() {
  const { t } = useTranslation();
  return (
    <Section title={t('data.plain.title')} text={t('data.plain.text')}>
      <Group gap="sm">
        {tables.map(({ name, href }) => (
          // Plain downloads: the browser streams them to disk with the session's cookie.
          <Button key={name} component="a" variant="default" href={href} download>
            {t(`data.plain.${name}`)}
          </Button>
        ))}
      </Group>
    </Section>
  );
}
