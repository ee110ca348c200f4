import {
  authEmailConfirm,
  authEmailUndo,
  authEmailVerify,
  authPasswordReset,
  authPasswordResetConfirm,
} from '@/api';

/** What the link of a letter is for. */
export type Purpose = 'verify' | 'confirm' | 'undo';

const acts = { verify: authEmailVerify, confirm: authEmailConfirm, undo: authEmailUndo };

export const redeemLetter = (purpose: Purpose, token: string) => acts[purpose]({ body: { token } });

export const askForReset = (email: string) => authPasswordReset({ body: { email } });

export const resetPassword = (token: string, password: string) =>
  authPasswordResetConfirm({ body: { token, new_password: password } });
