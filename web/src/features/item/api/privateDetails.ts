import { queryOptions } from '@tanstack/react-query';

import { type DetailsBody, itemsPrivateGet, itemsPrivatePut } from '@/api';
import type { Etag, ItemId } from '@/lib/brand';

export type Details = Required<DetailsBody>;

export interface VersionedDetails {
  details: Details;
  etag: Etag | null;
}

/** Never kept on the device: its key stands apart from what the cache writes down. */
export const detailsQuery = (id: ItemId) =>
  queryOptions({
    queryKey: ['private', id],
    queryFn: async ({ signal }): Promise<VersionedDetails> => {
      const { data, response } = await itemsPrivateGet({ path: { item_id: id }, signal });
      return {
        details: data as Details,
        etag: response.headers.get('ETag') as Etag | null,
      };
    },
  });

/** Refused with 412 when somebody else changed them since `etag` was read. */
export const saveDetails = ({ id, details, etag }: VersionedDetails & { id: ItemId }) =>
  itemsPrivatePut({ path: { item_id: id }, body: details, headers: { 'If-Match': etag } });
