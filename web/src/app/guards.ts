import type { QueryClient } from '@tanstack/react-query';
import { type ParsedLocation, redirect } from '@tanstack/react-router';

import { ApiProblem } from '@/lib/http/problem';
import { setupQuery } from '@/lib/session/setup';
import { meQuery } from '@/lib/session/session';
import { wasHere } from '@/lib/session/wasHere';

interface Guarded {
  context: { queryClient: QueryClient };
  location: ParsedLocation;
}

/** Every page inside needs an account; the first start has none yet and leads to sign-up. */
export async function requireAccount({ context, location }: Guarded): Promise<void> {
  try {
    await context.queryClient.query({ ...meQuery, staleTime: 'static' });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    const setup = await context.queryClient.query(setupQuery);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router redirects
    if (!setup.has_owner) throw redirect({ to: '/sign-up' });
    const next = location.href === '/' ? undefined : location.href;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router redirects
    throw redirect({ to: '/login', search: { next } });
  }
}

/** Someone who is logged in has no business at the door. */
export function requireNobody({ context, location }: Guarded): void {
  // Sent here because the session ended.
  if ('next' in location.search && location.search.next !== undefined) return;

  // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router redirects
  if (wasHere() && context.queryClient.getQueryData(meQuery.queryKey)) throw redirect({ to: '/' });
}
