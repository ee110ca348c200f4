import { useMutation } from '@tanstack/react-query';

import { focusFirstError } from '@/lib/focusFirstError';
import { explain } from '@/lib/http/explain';
import { ApiProblem, formErrors } from '@/lib/http/problem';

interface Form {
  getValues: () => object;
  setErrors: (errors: Record<string, string>) => void;
}

interface Options<Answer, Input> {
  onDone?: (answer: Answer, input: Input) => unknown;
}

/**
 * Sends a form. What the server will not take is told at its field and the first of these is
 * focused; `trouble` is a refusal that no field of the form tells.
 */
export function useSend<Answer, Input>(
  form: Form,
  act: (input: Input) => Promise<Answer>,
  { onDone }: Options<Answer, Input>,
) {
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: act,
    onSuccess: onDone,
    onError: (refusal) => {
      if (refusal instanceof ApiProblem) form.setErrors(formErrors(refusal));
      focusFirstError();
    },
  });
  const told = error instanceof ApiProblem ? Object.keys(formErrors(error)) : [];
  const isTold = told.length > 0 && told.every((path) => has(form.getValues(), path));
  return {
    send: mutate,
    isPending,
    isSuccess,
    error,
    trouble: error === null || isTold ? null : explain(error).text,
  };
}

/** `fields.year` is told by the form that has `fields`. */
const has = (values: object, path: string) => (path.split('.')[0] ?? path) in values;
