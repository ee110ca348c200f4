import { renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { explain } from '@/lib/http/explain';
import { ApiProblem, Unreachable } from '@/lib/http/problem';
import { useOnce } from '@/lib/http/useOnce';

test('a press after a lost answer is the same create; once that is told, the next is another', async () => {
  const reused = new ApiProblem(422, { code: 'idempotency_key_reused', detail: 'Use a new key.' });
  const create = vi
    .fn<(title: string, key: string) => Promise<string>>()
    .mockRejectedValueOnce(new Unreachable(null))
    .mockRejectedValueOnce(reused)
    .mockResolvedValueOnce('made');
  const { result, rerender } = renderHook(() => useOnce(create));
  await expect(result.current('Goblin Market')).rejects.toBeInstanceOf(Unreachable);
  rerender();
  await expect(result.current('Goblin Market, 1862')).rejects.toBe(reused);
  expect(explain(reused).text).toContain('saved at an earlier press');
  await expect(result.current('Goblin Market, 1862')).resolves.toBe('made');
  const [first, second, third] = create.mock.calls.map(([, key]) => key);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});
