import { call } from '@/lib/http/verbs';

export async function redriveAll(): Promise<number> {
  return (await call<{ redriven: number }>('POST', '/api/v1/dead-letters/redrive')).data.redriven;
}
