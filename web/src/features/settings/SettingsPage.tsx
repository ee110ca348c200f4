import { Appearance } from './Appearance';
import { OwnFields } from './fields/OwnFields';
import { Password } from './Password';
import { Profile } from './Profile';
import classes from './settings.module.css';

import { PageHead } from '@/components/layout/PageHead';
import { useTranslation } from '@/lib/i18n';

export function SettingsPage() {
  const { t } = useTranslation();
  return (
    <div className={classes.page}>
      <PageHead title={t('settings.title')} />
      <Profile />
      <Appearance />
      <OwnFields />
      <Password />
    </div>
  );
}
