import { Button, Group } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

export function FirstScan() {
  const { t } = useTranslation();
  const { edits } = useRights();
  return (
    <EmptyPage
      picture={<Cabinet />}
      title={t('dashboard.empty.title')}
      text={t(edits ? 'dashboard.empty.text' : 'collection.empty.looking')}
    >
      {edits && (
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
      )}
    </EmptyPage>
  );
}
