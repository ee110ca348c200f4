import { call } from '@/lib/http/verbs';

export interface PasswordChange {
  current_password: string;
  new_password: string;
}

export const changePassword = (change: PasswordChange) =>
  call('POST', '/api/v1/me/password', { body: change });
