import { type ApiProblem, formErrors } from '@/lib/http/problem';

/** One value a line; blank lines are none. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What is wrong with one line stands at the field that has all of them. */
export function errorsOf(problem: ApiProblem): Record<string, string> {
  const entries = Object.entries(formErrors(problem)).map(
    ([path, detail]) => [path.replace(/\.\d+$/, ''), detail] as const,
  );
  return Object.fromEntries(entries);
}
