import { Appearance } from './Appearance';
import { Measures } from './Measures';
import { Profile } from './Profile';

export function ProfilePage() {
  return (
    <>
      <Profile />
      <Appearance />
      <Measures />
    </>
  );
}
