import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';

import { ActingBanner } from './ActingBanner';
import { BottomBar } from './BottomBar';
import { ClosingScreen } from './ClosingScreen';
import { OfflineBanner } from './OfflineBanner';
import classes from './Shell.module.css';
import { StaleBanner } from './StaleBanner';
import { TopBar } from './TopBar';
import { useExpiry } from './useExpiry';
import { useHotkeys } from './useHotkeys';
import { usePersonalTaste } from './usePersonalTaste';
import { UpdateReady } from './UpdateReady';

import { ProofDialog } from '@/components/secondFactor/ProofDialog';
import type { Instant } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import { useServerEvents } from '@/lib/events/useServerEvents';
import { useQueueFlush } from '@/lib/queue/useQueueFlush';
import { useMe } from '@/lib/session/session';

const Palette = lazy(() =>
  import('@/features/palette/Palette').then((room) => ({ default: room.Palette })),
);

/** What a person with an account sees: all of it, or of one that is being erased only that. */
export function Shell() {
  const { closes_at: closesAt } = useMe();
  return closesAt === null ? <Room /> : <ClosingScreen closesAt={closesAt as Instant} />;
}

/** The room that every page inside stands in: bars, banners, keys, and the live wire. */
function Room() {
  const { t } = useTranslation();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { paletteWanted } = useHotkeys();
  useServerEvents();
  useQueueFlush();
  useExpiry();
  usePersonalTaste();

  const shown = useRef(path);
  useEffect(() => {
    // A new page starts reading at its title, as a loaded document would.
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t('shell.skip')}
      </a>
      <TopBar />
      <ActingBanner />
      <OfflineBanner />
      <StaleBanner />
      <UpdateReady />
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <BottomBar />
      <ProofDialog />
      {paletteWanted && (
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
      )}
    </div>
  );
}
