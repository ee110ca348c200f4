const KEY = 'armarium-was-here';

/** Whether this browser was logged in and nobody logged out: then its session has ended. */
export const wasHere = (): boolean => localStorage.getItem(KEY) !== null;

export const noticeBeingHere = (): void => localStorage.setItem(KEY, '1');

/** After a log-out nothing has ended by itself. */
export const forgetBeingHere = (): void => localStorage.removeItem(KEY);
