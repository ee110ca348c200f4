import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';

import { Capture } from './Capture';
import { Tray } from './tray/Tray';
import { useAddPhotos } from './useAddPhotos';
import { useWishes } from './useWishes';
import { WishFields } from './WishFields';

import { toast } from '@/components/feedback/toast';
import { PageHead } from '@/components/layout/PageHead';
import { ForEditors } from '@/components/states/ForEditors';
import { useTranslation } from '@/lib/i18n';

const Camera = lazy(() => import('./camera/Camera').then((room) => ({ default: room.Camera })));

export function ScanPage() {
  return (
    <ForEditors arranging>
      <Page />
    </ForEditors>
  );
}

function Page() {
  const { t } = useTranslation();
  const [wishes, setWishes] = useWishes();
  const [camera, setCamera] = useState(false);
  const keep = useAddPhotos(wishes);
  const add = useCallback(
    (files: readonly Blob[]) => void keep(files).catch(() => toast(t('scan.notKept'))),
    [keep, t],
  );

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) add(files);
    };
    // A photo that falls beside the box is meant for it too; the browser would open it instead.
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      if (event.defaultPrevented) return; // the box took it
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) add(files);
    };
    window.addEventListener('paste', paste);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('paste', paste);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, [add]);

  return (
    <>
      <PageHead title={t('scan.title')} text={t('scan.text')}>
        <Button variant="subtle" renderRoot={(props) => <Link to="/scan/all" {...props} />}>
          {t('scan.all.link')}
        </Button>
      </PageHead>
      <Capture onFiles={add} onCamera={() => setCamera(true)} />
      <WishFields wishes={wishes} onChange={setWishes} />
      <Tray />
      {camera && (
        <Suspense fallback={null}>
          <Camera onShot={(shot) => keep([shot])} onClose={() => setCamera(false)} onFiles={add} />
        </Suspense>
      )}
    </>
  );
}
