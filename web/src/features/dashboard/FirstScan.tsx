import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { cataloguesQuery } from '@/lib/catalogues';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { useMe } from '@/lib/session/session';

export function FirstScan() {
  const { t } = useTranslation();
  const { is_admin: admin } = useMe();
  const bare = useQuery(cataloguesQuery).data?.length === 0;
  const { edits, arranges } = useRights();
  return (
    <EmptyPage
      picture={<Cabinet />}
      title={t('dashboard.empty.title')}
      text={t(arranges ? 'dashboard.empty.text' : 'collection.empty.looking')}
    >
      {edits && (
        <Group justify="center">
          {arranges && (
            <Button
              size="lg"
              leftSection={<IconCamera size={22} aria-hidden />}
              renderRoot={(props) => <Link to="/scan" {...props} />}
            >
              {t('dashboard.empty.scan')}
            </Button>
          )}
          <Button
            size="lg"
            variant="subtle"
            renderRoot={(props) => <Link to="/items/new" {...props} />}
          >
            {t('dashboard.empty.byHand')}
          </Button>
        </Group>
      )}
      {bare && arranges && (
        <Text maw={460}>
          {t('dashboard.empty.noCatalogue')}{' '}
          {admin ? (
            <Anchor
              underline="always"
              renderRoot={(props) => <Link to="/catalogue/import" {...props} />}
            >
              {t('dashboard.empty.import')}
            </Anchor>
          ) : (
            t('dashboard.empty.askOwner')
          )}
        </Text>
      )}
    </EmptyPage>
  );
}
