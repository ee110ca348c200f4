import { createColumnHelper, tableFeatures } from '@tanstack/react-table';

import { ItemCell } from './ItemCell';

import type { ItemRow } from '@/lib/wire/item';

/** The table itself sorts and filters nothing: the server does. */
export const features = tableFeatures({});

export type Features = typeof features;

const helper = createColumnHelper<Features, ItemRow>();

export const columns = helper.columns([
  helper.display({
    id: 'picture',
    cell: ({ row }) => <ItemCell item={row.original} part="picture" />,
  }),
  helper.accessor('title', {
    id: 'title',
    cell: ({ row }) => <ItemCell item={row.original} part="title" />,
  }),
  helper.accessor('subtitle', {
    id: 'about',
    cell: ({ row }) => <ItemCell item={row.original} part="about" />,
  }),
  helper.accessor('kind', {
    id: 'kind',
    cell: ({ row }) => <ItemCell item={row.original} part="kind" />,
  }),
  helper.accessor('status', {
    id: 'status',
    cell: ({ row }) => <ItemCell item={row.original} part="status" />,
  }),
  helper.accessor('created_at', {
    id: 'added',
    cell: ({ row }) => <ItemCell item={row.original} part="added" />,
  }),
]);
