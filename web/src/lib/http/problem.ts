/** One field that the server would not take; `pointer` is a JSON pointer into the body sent. */
export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

interface ProblemBody {
  code?: string;
  title?: string;
  status?: number;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
}

/** An answer of the server that is not a success, as problem+json describes it. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly requestId: string | null;
  readonly errors: readonly FieldProblem[];
  /** All that the answer said, for what only one kind of problem tells. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? 'unknown';
    this.title = body.title ?? '';
    this.requestId = body.request_id ?? null;
    this.errors = body.errors ?? [];
    this.body = { ...body };
  }
}

/** Whether the server knows nothing of it, or no more. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiProblem && error.status === 404;

/** The request never got an answer: no network, or the server is not there. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('unreachable', { cause });
    this.name = 'Unreachable';
  }
}

/** Reads problem+json from a refused response; anything else (a proxy's page) keeps its status. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  return new ApiProblem(response.status, isObject(body) ? body : {});
}

/**
 * `/fields/year` → `fields.year`, the path that a form library knows. What is wrong with one of a
 * list (`/tags/0`) stands at the field that has all of them.
 */
export function formErrors(problem: ApiProblem): Record<string, string> {
  const entries = problem.errors.map(
    ({ pointer, detail }) =>
      [pointer.replace(/^\/(body\/)?|\/\d+$/g, '').replaceAll('/', '.'), detail] as const,
  );
  return Object.fromEntries(entries.filter(([path]) => path !== ''));
}

function isObject(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
