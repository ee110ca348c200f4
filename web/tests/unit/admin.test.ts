import { describe, expect, test } from 'vitest';

import { standingOf } from '@/features/admin/invitations/standing';
import { stateOf } from '@/features/admin/people/words';
import { linesOf } from '@/components/programs/lines';
import { boundsOf, isBound, quotaOf } from '@/features/admin/spaces/bounds';
import { ApiProblem, formErrors } from '@/lib/http/problem';
import { adminPagesOf } from '@/lib/session/permissions';

describe('the fields of a quota', () => {
  test('show only what was set for the space, storage in gigabytes', () => {
    const bounds = boundsOf([
      { resource: 'storage_bytes', used: 1, limit: 1_500_000_000, is_own: true },
      { resource: 'items', used: 1, limit: 10, is_own: false },
      { resource: 'model_calls', used: 1, limit: 0, is_own: true },
    ]);
    expect(bounds).toEqual({ storage_bytes: '1.5', items: '', model_calls: '0' });
    expect(quotaOf(bounds)).toEqual({ storage_bytes: 1_500_000_000, items: null, model_calls: 0 });
  });

  test.each([
    ['', true, true],
    ['1,5', false, true],
    ['1.5', true, false],
    ['-1', false, false],
    ['lots', false, false],
  ])('%j (whole: %s) may be sent: %s', (text, whole, fine) => {
    expect(isBound(text, { whole })).toBe(fine);
  });
});

test('an invitation lets somebody in until it is used, over or withdrawn', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  const open = { revoked_at: null, uses: 0, max_uses: 2, expires_at: '2026-03-02T00:00:00Z' };
  expect(standingOf(open, now)).toBe('open');
  expect(standingOf({ ...open, uses: 2 }, now)).toBe('allUsed');
  expect(standingOf({ ...open, expires_at: '2026-02-28T00:00:00Z' }, now)).toBe('over');
  expect(standingOf({ ...open, revoked_at: '2026-02-28T00:00:00Z' }, now)).toBe('withdrawn');
});

test('a lock is said before anything else', () => {
  const day = '2026-03-01T00:00:00Z';
  expect(stateOf({ disabled_at: null, closes_at: null })).toBe('active');
  expect(stateOf({ disabled_at: null, closes_at: day })).toBe('closing');
  expect(stateOf({ disabled_at: day, closes_at: day })).toBe('disabled');
});

test('what is wrong with one address stands at the field of all', () => {
  const problem = new ApiProblem(422, {
    errors: [{ pointer: '/redirect_uris/1', code: 'x', detail: 'Not this one.' }],
  });
  expect(linesOf(' a \n\n b')).toEqual(['a', 'b']);
  expect(formErrors(problem)).toEqual({ redirect_uris: 'Not this one.' });
});

test('each page of the administration is for those who hold its permission', () => {
  expect(adminPagesOf({ permissions: [] })).toEqual([]);
  const names = adminPagesOf({ permissions: ['audit:read', 'users:manage'] }).map(
    ({ name }) => name,
  );
  expect(names).toEqual(['people', 'invitations', 'audit']);
});
