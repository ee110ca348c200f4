import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import { usePageTitle } from './usePageTitle';

interface Props {
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}

/** The title of a page, with its acts to the right; also names the browser's tab. */
export function PageHead({ title, text, children }: Props) {
  usePageTitle(title);
  return (
    <Group component="header" justify="space-between" align="flex-end" mb="lg" gap="sm">
      <div>
        <Title order={1} fz={{ base: '1.75rem', sm: '2.25rem' }} tabIndex={-1}>
          {title}
        </Title>
        {text !== undefined && <Text c="dimmed">{text}</Text>}
      </div>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
