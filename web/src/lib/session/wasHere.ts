import { sharedWord } from './shared';

/** Who is logged in; stays when the session ends by itself. */
const person = sharedWord('armarium-was-here');

/** Whether this browser was logged in and nobody logged out: then its session has ended. */
export const wasHere = (): boolean => person.get() !== null;

/** Whether somebody is the person that this browser last knew. */
export const isWhoWasHere = (id: string): boolean => person.get() === id;

export const noticeBeingHere = (id: string): void => person.set(id);

/** After a log-out nothing has ended by itself. */
export const forgetBeingHere = (): void => person.set(null);
