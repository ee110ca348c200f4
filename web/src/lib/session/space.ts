import { sharedWord } from './shared';

const space = sharedWord('armarium-space');
/** Read by the server where no header can be sent: pictures. */
const COOKIE = 'armarium_space';

/** The space that this tab acts in; null is the person's own. */
export const chosenSpace = (): string | null => space.get();

/** Only remembered; whoever calls starts the app anew, since all that is shown is of the other. */
export function chooseSpace(id: string | null): void {
  space.set(id);
  const secure = window.location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${COOKIE}=${id ?? ''}; Path=/api; SameSite=Strict${secure}; Max-Age=${id === null ? 0 : 31_536_000}`;
}
