import { queryOptions } from '@tanstack/react-query';

import {
  type ApiKeyIn,
  type ApiScope,
  meApiKeysCreate,
  meApiKeysList,
  meApiKeysRevoke,
  type ClientIn,
  meClientsCreate,
  meClientsList,
  meClientsRemove,
  meProgramsDisconnect,
  meProgramsList,
} from '@/api';

export type NewKey = ApiKeyIn;
export type Scope = ApiScope;

export const keysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => (await meApiKeysList({ signal })).data,
});

/** Gives the secret, which is not to be had again. */
export const makeKey = async (key: NewKey): Promise<string> =>
  (await meApiKeysCreate({ body: key })).data.secret;

export const revokeKey = (id: string) => meApiKeysRevoke({ path: { key_id: id } });

export const programsQuery = queryOptions({
  queryKey: ['programs'],
  queryFn: async ({ signal }) => (await meProgramsList({ signal })).data,
});

export const disconnectProgram = (clientId: string) =>
  meProgramsDisconnect({ path: { client_id: clientId } });

/** Programs that the person registered, to be let in by whoever likes. */
export const ownProgramsQuery = queryOptions({
  queryKey: ['own-programs'],
  queryFn: async ({ signal }) => (await meClientsList({ signal })).data,
});

export const registerProgram = async (program: ClientIn) =>
  (await meClientsCreate({ body: program })).data;

export const removeProgram = (clientId: string) =>
  meClientsRemove({ path: { client_id: clientId } });
