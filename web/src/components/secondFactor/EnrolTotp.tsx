import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';

import { beginTotp, confirmTotp, type NewCodes } from './api/factors';
import { FactorInput } from './FactorInput';
import classes from './secondFactor.module.css';

import { Failing } from '@/components/states/Failing';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

interface Props {
  onDone: (codes: NewCodes) => void;
  onCancel?: () => void;
}

/** Scan, type the first code, done. */
export function EnrolTotp({ onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const begun = useQuery({
    queryKey: ['totp-begin'],
    queryFn: beginTotp,
    // Asked anew, the server makes another secret and the one just scanned is void.
    staleTime: 'static',
    gcTime: 0,
    retry: false,
  });
  const [code, setCode] = useState('');
  const confirming = useMutation({ mutationFn: confirmTotp, onSuccess: onDone });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    confirming.mutate(code.replaceAll(' ', ''));
  };
  if (begun.isLoadingError) return <Failing of={begun} />;
  if (begun.isPending) return <Skeleton h={280} maw={420} />;
  const { qr_svg: drawing, secret } = begun.data;
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={420}>
        <Text>{t('common.factor.scan')}</Text>
        <img
          className={classes.qr}
          src={`data:image/svg+xml,${encodeURIComponent(withNamespace(drawing))}`}
          alt={t('common.factor.qr')}
        />
        <Text size="sm" c="dimmed">
          {t('common.factor.byHand')}: <span className={classes.key}>{grouped(secret)}</span>
        </Text>
        <FactorInput
          kind="code"
          value={code}
          onChange={setCode}
          error={confirming.error && explain(confirming.error).text}
        />
        <Group>
          <Button type="submit" loading={confirming.isPending} disabled={code.trim() === ''}>
            {t('common.factor.confirm')}
          </Button>
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t('common.cancel')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** A drawing that stands alone must say what it is; one inside a page need not. */
const withNamespace = (svg: string) =>
  svg.includes('xmlns=') ? svg : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');

const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');
