import { mePassword, type PasswordIn } from '@/api';

export type PasswordChange = PasswordIn;

export const changePassword = (change: PasswordChange) => mePassword({ body: change });
