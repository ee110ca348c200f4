import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import {
  type AccountOut,
  adminUsersDisable,
  adminUsersEnable,
  adminUsersGet,
  adminUsersList,
  type AdminUsersListData,
  adminUsersLogout,
  adminUsersResetFactors,
  adminUsersResetPassword,
  adminUsersRole,
} from '@/api';
import { pageOf } from '@/lib/http/page';

export type Account = AccountOut;
type Query = NonNullable<AdminUsersListData['query']>;
export type Role = NonNullable<Query['role']>;

export interface Wanted {
  q?: string;
  role?: Role;
  state?: NonNullable<Query['state']>;
}

const PEOPLE = 'people';

export const peopleQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: [PEOPLE, 'list', wanted],
    queryFn: async ({ pageParam, signal }) =>
      pageOf(await adminUsersList({ query: { ...wanted, limit: 50, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [PEOPLE, id],
    queryFn: async ({ signal }) => (await adminUsersGet({ path: { user_id: id }, signal })).data,
  });

/** Some people by their ids, for pages that know only these. */
export const namedQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: [PEOPLE, 'named', ids],
    queryFn: async ({ signal }) =>
      (await adminUsersList({ query: { id: [...ids], limit: 200 }, signal })).data,
    enabled: ids.length > 0,
  });

export const nameOf = (account: Pick<Account, 'display_name' | 'email'>): string =>
  account.display_name ?? account.email;

export const changeRole = ({ id, role }: { id: string; role: Role }) =>
  adminUsersRole({ path: { user_id: id }, body: { role } });

export const lock = (id: string) => adminUsersDisable({ path: { user_id: id } });

export const unlock = (id: string) => adminUsersEnable({ path: { user_id: id } });

export const logOut = async (id: string): Promise<number> =>
  (await adminUsersLogout({ path: { user_id: id } })).data.ended;

export const sendReset = (id: string) => adminUsersResetPassword({ path: { user_id: id } });

export const takeFactors = (id: string) => adminUsersResetFactors({ path: { user_id: id } });
