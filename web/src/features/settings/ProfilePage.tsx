import { Appearance } from './Appearance';
import { Profile } from './Profile';

export function ProfilePage() {
  return (
    <>
      <Profile />
      <Appearance />
    </>
  );
}
