import { Button, Group, Stack, Text, Title } from '@mantine/core';

import classes from './secondFactor.module.css';

import { Copy } from '@/components/feedback/Copy';
import { useTranslation } from '@/lib/i18n';

interface Props {
  codes: readonly string[];
  onKept: () => void;
}

/** The only time that the codes are seen. */
export function RecoveryCodes({ codes, onKept }: Props) {
  const { t } = useTranslation();
  const text = codes.join('\n');
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`;
  return (
    <Stack>
      <Title order={2} fz="1.4rem">
        {t('common.factor.codesTitle')}
      </Title>
      <Text>{t('common.factor.codesText')}</Text>
      <ul className={classes.codes} aria-label={t('common.factor.codesTitle')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <Copy value={text} variant="default" />
        <Button variant="default" component="a" href={file} download="armarium-recovery-codes.txt">
          {t('common.factor.download')}
        </Button>
        <Button onClick={onKept}>{t('common.factor.codesKept')}</Button>
      </Group>
    </Stack>
  );
}
