import '@mantine/spotlight/styles.css';

import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconBooks,
  IconCamera,
  IconHome,
  IconInbox,
  IconLayoutGrid,
  IconMoon,
  IconPlus,
  IconProgress,
  IconSearch,
  IconSettings,
  IconSun,
  IconSunMoon,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';

import { useChooseTheme } from '@/components/preferences/useChooseTheme';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

const [store, spotlight] = createSpotlight();
const OPEN = 'armarium:palette';

/** Where to, or what to do, by name. Opens itself: it is only loaded when it was asked for. */
export function Palette() {
  const { t } = useTranslation();
  const { edits, arranges } = useRights();
  const navigate = useNavigate();
  const choose = useChooseTheme();

  useEffect(() => {
    spotlight.open();
    const open = () => spotlight.open();
    window.addEventListener(OPEN, open);
    return () => window.removeEventListener(OPEN, open);
  }, []);

  const icon = { size: 20, stroke: 1.6, 'aria-hidden': true } as const;
  const scanning = {
    id: 'scan',
    label: t('shell.scan'),
    leftSection: <IconCamera {...icon} />,
    onClick: () => void navigate({ to: '/scan' }),
  };
  const adding = {
    id: 'new',
    label: t('shell.palette.newItem'),
    leftSection: <IconPlus {...icon} />,
    onClick: () => void navigate({ to: '/items/new' }),
  };
  const reviewing = {
    id: 'review',
    label: t('shell.review'),
    leftSection: <IconInbox {...icon} />,
    onClick: () => void navigate({ to: '/review' }),
  };
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('shell.palette.act'),
      actions: [
        ...(arranges ? [scanning] : []),
        ...(edits ? [adding] : []),
        {
          id: 'light',
          label: t('shell.palette.light'),
          leftSection: <IconSun {...icon} />,
          onClick: () => choose('light'),
        },
        {
          id: 'dark',
          label: t('shell.palette.dark'),
          leftSection: <IconMoon {...icon} />,
          onClick: () => choose('dark'),
        },
        {
          id: 'system',
          label: t('shell.palette.system'),
          leftSection: <IconSunMoon {...icon} />,
          onClick: () => choose('auto'),
        },
      ],
    },
    {
      group: t('shell.palette.go'),
      actions: [
        {
          id: 'home',
          label: t('shell.home'),
          leftSection: <IconHome {...icon} />,
          onClick: () => void navigate({ to: '/' }),
        },
        {
          id: 'collection',
          label: t('shell.collection'),
          leftSection: <IconLayoutGrid {...icon} />,
          onClick: () => void navigate({ to: '/collection' }),
        },
        ...(arranges ? [reviewing] : []),
        {
          id: 'search',
          label: t('shell.search'),
          leftSection: <IconSearch {...icon} />,
          onClick: () => void navigate({ to: '/search' }),
        },
        {
          id: 'catalogue',
          label: t('shell.catalogue'),
          leftSection: <IconBooks {...icon} />,
          onClick: () => void navigate({ to: '/catalogue' }),
        },
        {
          id: 'jobs',
          label: t('shell.jobs'),
          leftSection: <IconProgress {...icon} />,
          onClick: () => void navigate({ to: '/jobs' }),
        },
        {
          id: 'trash',
          label: t('shell.palette.trash'),
          leftSection: <IconTrash {...icon} />,
          onClick: () => void navigate({ to: '/collection', search: { trash: true } }),
        },
        {
          id: 'settings',
          label: t('shell.settings'),
          leftSection: <IconSettings {...icon} />,
          onClick: () => void navigate({ to: '/settings' }),
        },
      ],
    },
  ];

  return (
    <Spotlight
      store={store}
      actions={groups}
      shortcut={null}
      nothingFound={t('shell.palette.nothing')}
      highlightQuery
      scrollable
      maxHeight={460}
      searchProps={{
        'aria-label': t('shell.palette.placeholder'),
        leftSection: <IconSearch size={20} aria-hidden />,
        placeholder: t('shell.palette.placeholder'),
      }}
    />
  );
}
