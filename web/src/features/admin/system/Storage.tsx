import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import { auditStorage } from '../api/auditStorage';

import { toastProblem } from '@/components/feedback/toast';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

/** Whether every kept file has its record and every record its file. */
export function Storage() {
  const { t } = useTranslation();
  const { arranges } = useRights();
  const looking = useMutation({ mutationFn: auditStorage, onError: toastProblem });
  const found = looking.data;
  const lost = found?.without_object.length ?? 0;
  const stray = found?.without_row.length ?? 0;
  const repaired = found?.repaired ?? 0;
  return (
    <Section title={t('admin.storage.title')} text={t('admin.storage.text')}>
      <div role="status">
        {found && lost + stray === 0 && <Text mb="sm">{t('admin.storage.fine')}</Text>}
        {lost > 0 && <Text>{t('admin.storage.lost', { count: lost })}</Text>}
        {stray > 0 && <Text>{t('admin.storage.stray', { count: stray })}</Text>}
        {repaired > 0 && <Text mb="sm">{t('admin.storage.repaired', { count: repaired })}</Text>}
      </div>
      <Group>
        <Button variant="default" loading={looking.isPending} onClick={() => looking.mutate(false)}>
          {t('admin.storage.act')}
        </Button>
        {arranges && lost + stray > 0 && repaired === 0 && (
          <Button loading={looking.isPending} onClick={() => looking.mutate(true)}>
            {t('admin.storage.repair')}
          </Button>
        )}
      </Group>
    </Section>
  );
}
