import { queryOptions } from '@tanstack/react-query';

import { detectionsGet } from '@/api';
import type { DetectionId } from '@/lib/brand';
import type { Detection } from '@/lib/wire/scan';

export const detectionQuery = (id: DetectionId) =>
  queryOptions({
    queryKey: ['detection', id],
    queryFn: async ({ signal }) =>
      (await detectionsGet({ path: { detection_id: id }, signal })).data as Detection,
  });
