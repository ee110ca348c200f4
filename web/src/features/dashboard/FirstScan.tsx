import { Button, Group } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { useTranslation } from '@/lib/i18n';

export function FirstScan() {
  const { t } = useTranslation();
  return (
    <EmptyPage
      picture={<Cabinet />}
      title={t('dashboard.empty.title')}
      text={t('dashboard.empty.text')}
    >
      <Group justify="center">
        <Button
          size="lg"
          leftSection={<IconCamera size={22} aria-hidden />}
          renderRoot={(props) => <Link to="/scan" {...props} />}
        >
          {t('dashboard.empty.scan')}
        </Button>
        <Button
          size="lg"
          variant="subtle"
          renderRoot={(props) => <Link to="/items/new" {...props} />}
        >
          {t('dashboard.empty.byHand')}
        </Button>
      </Group>
    </EmptyPage>
  );
}
