import { sharedWord } from './shared';

/** Who is logged in; stays when the session ends by itself. */
const person = sharedWord('armarium-was-here');

/** Whether this browser was logged in and nobody logged out: then its session has ended. */
export const wasHere = (): boolean => person.get() !== null;

export const noticeBeingHere = (id: string): void => person.set(id);

/** After a log-out nothing has ended by itself. */
export const forgetBeingHere = (): void => person.set(null);
