import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { deleteCatalogue } from './api/deleteCatalogue';
import { stateOf } from './state';

import { AskFirst } from '@/components/feedback/AskFirst';
import { toast, toastProblem } from '@/components/feedback/toast';
import type { CatalogueOut } from '@/api';
import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** What an administrator does with a catalogue; one that failed shows its way out at once. */
export function CatalogueMenu({ catalogue }: { catalogue: CatalogueOut }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const removing = useMutation({
    mutationFn: () => deleteCatalogue(catalogue.slug),
    onSuccess: async () => {
      toast(t('catalogue.deleted'));
      await navigate({ to: '/catalogue' });
      await queryClient.invalidateQueries({ queryKey: ['catalogues'] });
    },
    onError: toastProblem,
  });
  const into = { into: catalogue.slug };
  return (
    <>
      {stateOf(catalogue) === 'failed' ? (
        <>
          <Button renderRoot={(props) => <Link to="/catalogue/import" search={into} {...props} />}>
            {t('catalogue.again')}
          </Button>
          <Button variant="light" color="danger" onClick={() => setAsking(true)}>
            {t('catalogue.delete')}
          </Button>
        </>
      ) : (
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon aria-label={t('common.more')}>
              <IconDots aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              renderRoot={(props) => <Link to="/catalogue/import" search={into} {...props} />}
            >
              {t('catalogue.newer')}
            </Menu.Item>
            <Menu.Item color="danger" onClick={() => setAsking(true)}>
              {t('catalogue.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asking && (
        <AskFirst
          act={t('catalogue.delete')}
          text={t('catalogue.deleteAsk', {
            name: catalogue.name,
            formatted: formatNumber(catalogue.entry_count),
          })}
          pending={removing.isPending}
          onYes={() => removing.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
