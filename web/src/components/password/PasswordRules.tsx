import { Group, Text } from '@mantine/core';
import { IconCheck, IconPointFilled, IconX } from '@tabler/icons-react';

import classes from './password.module.css';
import { meets, ruleNames } from './rules';

import { useTranslation } from '@/lib/i18n';

interface Props {
  id: string;
  password: string;
  /** After a try: what is missing is no longer only a hint. */
  refused: boolean;
}

/** What a password needs, ticked off while it is typed. */
export function PasswordRules({ password, id, refused }: Props) {
  const { t } = useTranslation();
  return (
    <div id={id} className={classes.rules}>
      <Text size="sm" c="dimmed">
        {t('common.password.label')}
      </Text>
      <ul>
        {ruleNames.map((rule) => {
          const met = meets(rule, password);
          const Icon = met ? IconCheck : refused ? IconX : IconPointFilled;
          return (
            <Group
              component="li"
              key={rule}
              gap={6}
              wrap="nowrap"
              data-met={met || undefined}
              data-missing={(refused && !met) || undefined}
            >
              <Icon size={16} aria-hidden />
              {t(`common.password.${rule}`)}
              <span className="visually-hidden">
                {met ? t('common.password.met') : t('common.password.unmet')}
              </span>
            </Group>
          );
        })}
      </ul>
    </div>
  );
}
