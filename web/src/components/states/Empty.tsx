import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  picture?: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}

/** Nothing here yet: one picture, one sentence, one act. */
export function Empty({ picture, title, text, children }: Props) {
  return (
    <Stack align="center" gap="md" py={48} px="md" ta="center">
      {picture}
      <Title order={2} fz="1.6rem">
        {title}
      </Title>
      <Text c="dimmed" maw={460}>
        {text}
      </Text>
      {children}
    </Stack>
  );
}
