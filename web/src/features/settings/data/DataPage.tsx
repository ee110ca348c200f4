import { Archives } from './Archives';
import { BringIn } from './BringIn';
import { CloseAccount } from './CloseAccount';
import { PlainTables } from './PlainTables';

/** What is kept of a person: theirs to take along, to bring in, and to have erased. */
export function DataPage() {
  return (
    <>
      <Archives />
      <PlainTables />
      <BringIn />
      <CloseAccount />
    </>
  );
}
