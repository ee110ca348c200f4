import { queryOptions } from '@tanstack/react-query';

import {
  meEmail,
  meEmailVerification,
  meIdentitiesConfirm,
  meIdentitiesLink,
  meIdentitiesList,
  meIdentitiesUnlink,
  meIdentitiesWaiting,
  mePasskeysList,
  mePasskeysRemove,
  authProviders,
} from '@/api';
import { ApiProblem } from '@/lib/http/problem';

/** A letter whose link proves that one reads the mail of one’s address. */
export const askToVerify = () => meEmailVerification();

export const changeEmail = (email: string) => meEmail({ body: { email } });

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: async ({ signal }) => (await mePasskeysList({ signal })).data,
});

export const removePasskey = (id: string) => mePasskeysRemove({ path: { passkey_id: id } });

export const identitiesQuery = queryOptions({
  queryKey: ['identities'],
  queryFn: async ({ signal }) => (await meIdentitiesList({ signal })).data,
});

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await authProviders({ signal })).data,
});

/** The outside login that waits in this browser to be linked; null where none does. */
export const waitingQuery = queryOptions({
  queryKey: ['identities', 'waiting'],
  queryFn: async ({ signal }) => {
    try {
      return (await meIdentitiesWaiting({ signal })).data;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    }
  },
});

export const confirmWaiting = () => meIdentitiesConfirm();

export const unlinkIdentity = (id: string) => meIdentitiesUnlink({ path: { identity_id: id } });

/** Where the browser must go to log in at the other provider. */
export const linkIdentity = async (name: string): Promise<string> =>
  (await meIdentitiesLink({ path: { name } })).data.redirect_to;
