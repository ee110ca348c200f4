import { apiFetch } from './fetch';

type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  query?: Query;
  body?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<Data> {
  data: Data;
  response: Response;
}

export async function call<Data>(
  method: string,
  path: string,
  options: Options = {},
): Promise<Answer<Data>> {
  const address = new URL(path, window.location.origin);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined && value !== '')
      address.searchParams.set(name, String(value));
  }
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await apiFetch(address, {
    method,
    headers,
    body: options.form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
    signal: options.signal ?? null,
  });
  const text = await response.text();
  return { data: (text === '' ? null : JSON.parse(text)) as Data, response };
}
