import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';

import { toast, toastProblem } from './toast';

interface Options<Answer> {
  /** Said when it is done. */
  said?: string;
  /** Lists to be read anew. */
  renews: readonly (readonly string[])[];
  onDone?: (answer: Answer) => void;
}

/** An act of a button: done, told, and what it changed read anew. */
export function useAct<Answer, Input = void>(
  act: (input: Input) => Promise<Answer>,
  { said, renews, onDone }: Options<Answer>,
): UseMutationResult<Answer, Error, Input> {
  const queryClient = useQueryClient();
  return useMutation<Answer, Error, Input>({
    mutationFn: act,
    onSuccess: (answer) => {
      if (said !== undefined) toast(said);
      onDone?.(answer);
    },
    onError: toastProblem,
    onSettled: () =>
      Promise.all(renews.map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
}
