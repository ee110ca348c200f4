import { Button, type ButtonProps } from '@mantine/core';
import { type MouseEvent, useState } from 'react';

import { useTranslation } from '@/lib/i18n';

/** Copies what is shown beside it, and says so. */
export function Copy({ value, ...look }: ButtonProps & { value: string }) {
  const { t } = useTranslation();
  const [told, setTold] = useState<'copy' | 'copied' | 'copyByHand'>('copy');
  const copy = async ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    setTold((await copyText(value, currentTarget)) ? 'copied' : 'copyByHand');
    window.setTimeout(() => setTold('copy'), 2000);
  };
  return (
    <Button {...look} onClick={(event) => void copy(event)}>
      {t(`common.${told}`)}
    </Button>
  );
}

async function copyText(text: string, button: HTMLElement): Promise<boolean> {
  // eslint-disable-next-line no-restricted-properties -- asked for first; plain HTTP has none
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text).then(yes, no);
  // Beside the button, since a dialog takes no selection outside of itself.
  const area = document.createElement('textarea');
  area.value = text;
  button.after(area);
  area.focus();
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way over plain HTTP
  const copied = document.execCommand('copy');
  area.remove();
  button.focus();
  return copied;
}

const yes = () => true;
const no = () => false;
