import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import { usePageTitle } from '@/components/layout/usePageTitle';

interface Props {
  picture?: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}

/** Nothing here yet: one picture, one sentence, one act. */
export function Empty({ picture, title, text, children }: Props) {
  return <Message order={2} {...{ picture, title, text, children }} />;
}

/** The same where it is all that a page has to say. */
export function EmptyPage({ picture, title, text, children }: Props) {
  usePageTitle(title);
  return <Message order={1} {...{ picture, title, text, children }} />;
}

function Message({ order, picture, title, text, children }: Props & { order: 1 | 2 }) {
  return (
    <Stack align="center" gap="md" py={48} px="md" ta="center">
      {picture}
      <Title order={order} fz="1.6rem">
        {title}
      </Title>
      <Text c="dimmed" maw={460}>
        {text}
      </Text>
      {children}
    </Stack>
  );
}
