import { ActionIcon, Button, FileButton, Stack, Text } from '@mantine/core';
import { IconBulb, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

import classes from './camera.module.css';
import { useCamera } from './useCamera';

import { useTranslation } from '@/lib/i18n';

interface Props {
  /** Resolves once the shot is in the tray. */
  onShot: (shot: File) => Promise<void>;
  onFiles: (files: readonly File[]) => void;
  onClose: () => void;
}

/** The camera over the whole screen; shots go into the tray at once, one after the other. */
export function Camera({ onShot, onFiles, onClose }: Props) {
  const { t } = useTranslation();
  const { video, state, flip, toggleLight, shoot } = useCamera();
  const [shots, setShots] = useState<{ count: number; last: string | null }>({
    count: 0,
    last: null,
  });
  const [lost, setLost] = useState(false);
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => sheet.current?.showModal(), []);

  const take = async () => {
    setLost(false);
    try {
      const shot = await shoot();
      await onShot(shot);
      if ('vibrate' in navigator) navigator.vibrate(20);
      setShots(({ count, last }) => {
        if (last !== null) URL.revokeObjectURL(last);
        return { count: count + 1, last: URL.createObjectURL(shot) };
      });
    } catch {
      setLost(true); // told in here: nothing outside of the dialog is seen
    }
  };

  return (
    <dialog
      ref={sheet}
      aria-label={t('scan.cameraSheet.label')}
      className={classes.sheet}
      onClose={onClose}
    >
      <div className={classes.view}>
        <video ref={video} playsInline muted />
        {state !== 'ready' && (
          <Stack className={classes.message ?? ''} align="center">
            <Text role="status">{t(`scan.cameraSheet.${state}`)}</Text>
            {state !== 'starting' && (
              <FileButton
                multiple
                accept="image/*"
                onChange={(files) => {
                  onFiles(files);
                  onClose();
                }}
              >
                {(props) => (
                  <Button {...props} variant="default">
                    {t('scan.choose')}
                  </Button>
                )}
              </FileButton>
            )}
          </Stack>
        )}
        {shots.last !== null && (
          <img key={shots.count} className={classes.fly} src={shots.last} alt="" />
        )}
        <div
          key={`flash-${shots.count}`}
          className={classes.flash}
          data-on={shots.count > 0 || undefined}
        />
        {lost && (
          <Text role="alert" className={classes.lost ?? ''}>
            {t('scan.notKept')}
          </Text>
        )}
      </div>
      <div className={classes.controls}>
        <div className={classes.side}>
          <Text size="sm" role="status" className="figures">
            {t('scan.cameraSheet.count', { count: shots.count })}
          </Text>
        </div>
        <button
          type="button"
          className={classes.shutter}
          aria-label={t('scan.cameraSheet.shutter')}
          disabled={state !== 'ready'}
          onClick={() => void take()}
        />
        <div className={classes.side}>
          {toggleLight && (
            <ActionIcon
              className={classes.tool ?? ''}
              aria-label={t('scan.cameraSheet.light')}
              onClick={toggleLight}
            >
              <IconBulb aria-hidden />
            </ActionIcon>
          )}
          <ActionIcon
            className={classes.tool ?? ''}
            aria-label={t('scan.cameraSheet.flip')}
            onClick={flip}
          >
            <IconRefresh aria-hidden />
          </ActionIcon>
          <Button variant="default" onClick={onClose}>
            {t('scan.cameraSheet.done')}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
