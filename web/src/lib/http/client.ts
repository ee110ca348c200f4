import { apiFetch } from './fetch';

import type { CreateClientConfig } from '@/api/client.gen';

/** How the generated client speaks: to this server, through `apiFetch`, refusals as exceptions. */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: window.location.origin,
  fetch: apiFetch,
  throwOnError: true,
});
