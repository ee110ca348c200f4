import { beforeEach, expect, test } from 'vitest';

import { invitationTokenOf, welcomeTo } from '@/features/auth/welcome';
import { forgetBeingHere, noticeBeingHere, wasHere } from '@/lib/session/wasHere';

beforeEach(forgetBeingHere);

test('only where a session was is told that it ended', () => {
  expect(welcomeTo('/items/1', wasHere())).toBe('first');
  noticeBeingHere('ada');
  expect(welcomeTo('/items/1', wasHere())).toBe('expired');
  forgetBeingHere();
  expect(welcomeTo('/items/1', wasHere())).toBe('first');
  expect(welcomeTo(undefined, true)).toBeNull();
});

test('whoever follows an invitation is told so', () => {
  expect(welcomeTo('/invitation#token=abc', false)).toBe('invited');
  expect(welcomeTo('/invitation', true)).toBe('invited');
  expect(welcomeTo('/invitations', false)).toBe('first');
});

test('the token of an invitation is read from where the door leads on to', () => {
  expect(invitationTokenOf('/invitation#token=a-b_c')).toBe('a-b_c');
  expect(invitationTokenOf('/invitation')).toBeNull();
  expect(invitationTokenOf('/items/1#token=abc')).toBeNull();
  expect(invitationTokenOf(undefined)).toBeNull();
});
