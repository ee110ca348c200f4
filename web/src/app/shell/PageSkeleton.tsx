import { SimpleGrid, Skeleton, Stack } from '@mantine/core';

/** Stands in while the code of a page arrives. */
export function PageSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Skeleton h={40} w={260} />
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }}>
        {Array.from({ length: 8 }, (_, index) => (
          <Skeleton key={index} h={220} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
