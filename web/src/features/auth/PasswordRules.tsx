import { Group, Text } from '@mantine/core';
import { IconCheck, IconPointFilled } from '@tabler/icons-react';

import classes from './auth.module.css';
import { meets, ruleNames } from './passwordRules';

import { useTranslation } from '@/lib/i18n';

export function PasswordRules({ password, id }: { password: string; id: string }) {
  const { t } = useTranslation();
  return (
    <div id={id} className={classes.rules}>
      <Text size="sm" c="dimmed">
        {t('auth.rules.label')}
      </Text>
      <ul>
        {ruleNames.map((rule) => {
          const met = meets(rule, password);
          return (
            <Group component="li" key={rule} gap={6} data-met={met || undefined}>
              {met ? (
                <IconCheck size={16} aria-hidden />
              ) : (
                <IconPointFilled size={16} aria-hidden />
              )}
              {t(`auth.rules.${rule}`)}
              <span className="visually-hidden">
                {met ? t('auth.rules.met') : t('auth.rules.unmet')}
              </span>
            </Group>
          );
        })}
      </ul>
    </div>
  );
}
