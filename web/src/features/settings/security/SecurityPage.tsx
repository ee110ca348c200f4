import { Codes } from './Codes';
import { Email } from './Email';
import { Identities } from './Identities';
import { Passkeys } from './Passkeys';
import { Password } from '../Password';

/** All by which somebody gets into the account. */
export function SecurityPage() {
  return (
    <>
      <Password />
      <Codes />
      <Passkeys />
      <Identities />
      <Email />
    </>
  );
}
