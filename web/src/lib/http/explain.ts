import { ApiProblem, Unreachable } from './problem';

import { t } from '@/lib/i18n';
import { PasskeyCancelled } from '@/lib/passkeys';

export interface Explained {
  title: string;
  text: string;
  reference: string | null;
}

/** An error in a person's words: what happened, what was kept, what to do. */
export function explain(error: unknown): Explained {
  const title = t('common.errors.title');
  if (error instanceof Unreachable)
    return { title, text: t('common.errors.unreachable'), reference: null };
  if (error instanceof PasskeyCancelled)
    return { title, text: t('common.errors.passkey'), reference: null };
  if (!(error instanceof ApiProblem))
    return { title, text: t('common.errors.unexpected'), reference: null };
  return { title: error.title || title, text: words(error), reference: error.requestId };
}

function words(problem: ApiProblem): string {
  if (problem.status >= 500) return t('common.errors.server');
  if (problem.code === 'proof_required') return t('common.errors.proof');
  if (problem.status === 412) return t('common.errors.changed');
  if (problem.code === 'idempotency_key_reused') return t('common.errors.madeBefore');
  if (problem.status === 429) return t('common.errors.rateLimited');
  if (problem.message !== '' && !problem.message.startsWith('HTTP ')) return problem.message;
  if (problem.status === 404) return t('common.errors.notFound');
  if (problem.status === 403) return t('common.errors.forbidden');
  return t('common.errors.unexpected');
}
