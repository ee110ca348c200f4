import { Stack, Text } from '@mantine/core';

import classes from './sharing.module.css';

import { Copy } from '@/components/feedback/Copy';

/** An address that is told this once, to be copied. */
export function OnceShown({ text, address }: { text: string; address: string }) {
  return (
    <Stack gap="xs" mb="lg" role="status">
      <Text fw={600}>{text}</Text>
      <div className={classes.address}>{address}</div>
      <Copy value={address} w="fit-content" />
    </Stack>
  );
}
