import { useRef } from 'react';

import { ApiProblem } from './problem';

import { newId } from '@/lib/newId';

/**
 * Makes one thing with a form, however often its button is pressed or an answer is lost. What was
 * made already and is then sent with other words is refused and told; the next press makes another.
 */
export function useOnce<Input, Made>(
  create: (input: Input, key: string) => Promise<Made>,
): (input: Input) => Promise<Made> {
  const key = useRef<string>(null);
  return async (input) => {
    key.current ??= newId();
    try {
      return await create(input, key.current);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'idempotency_key_reused')
        key.current = null;
      throw error;
    }
  };
}
