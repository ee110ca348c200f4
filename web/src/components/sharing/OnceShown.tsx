import { Button, CopyButton, Stack, Text } from '@mantine/core';

import classes from './sharing.module.css';

import { useTranslation } from '@/lib/i18n';

/** An address that is told this once, to be copied. */
export function OnceShown({ text, address }: { text: string; address: string }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" mb="lg" role="status">
      <Text fw={600}>{text}</Text>
      <div className={classes.address}>{address}</div>
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <Button w="fit-content" onClick={copy}>
            {t(copied ? 'common.copied' : 'common.copy')}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
