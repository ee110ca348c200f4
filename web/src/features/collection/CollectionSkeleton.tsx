import { Flex, Skeleton, Stack } from '@mantine/core';

import type { Density } from '@/lib/storage/density';

const WIDTHS = [200, 280, 180, 220, 320, 190, 210, 260, 200, 240];

export function CollectionSkeleton({ density }: { density: Density }) {
  if (density === 'table') {
    return (
      <Stack gap={8} aria-busy>
        {Array.from({ length: 10 }, (_, index) => (
          <Skeleton key={index} h={56} />
        ))}
      </Stack>
    );
  }
  return (
    <Flex wrap="wrap" gap={16} aria-busy>
      {WIDTHS.map((width, index) => (
        <div
          key={index}
          style={{ flexGrow: 1, width: density === 'grid' ? 168 : width, maxWidth: '48%' }}
        >
          <Skeleton h={density === 'grid' ? 202 : 260} />
          <Skeleton h={16} w="70%" mt={10} />
          <Skeleton h={12} w="45%" mt={8} mb={16} />
        </div>
      ))}
    </Flex>
  );
}
