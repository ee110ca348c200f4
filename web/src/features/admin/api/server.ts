import { queryOptions } from '@tanstack/react-query';

import {
  adminClientsCreate,
  adminClientsList,
  adminClientsRemove,
  adminSettings,
  type ClientIn,
} from '@/api';

export const settingsQuery = queryOptions({
  queryKey: ['server-settings'],
  queryFn: async ({ signal }) => (await adminSettings({ signal })).data,
});

export const clientsQuery = queryOptions({
  queryKey: ['clients'],
  queryFn: async ({ signal }) => (await adminClientsList({ signal })).data,
});

export const registerClient = async (client: ClientIn) =>
  (await adminClientsCreate({ body: client })).data;

export const removeClient = (id: string) => adminClientsRemove({ path: { client_id: id } });
