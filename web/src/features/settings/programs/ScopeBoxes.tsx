import { Checkbox, Text } from '@mantine/core';
import { Fragment } from 'react';

import { areas, scopeOf } from './scopes';
import type { Scope } from '../api/programs';
import classes from '../settings.module.css';

import { useTranslation } from '@/lib/i18n';

interface Props {
  value: readonly Scope[];
  onChange: (value: Scope[]) => void;
}

/** What a key may do, area by area. */
export function ScopeBoxes({ value, onChange }: Props) {
  const { t } = useTranslation();
  const set = (scope: Scope, wanted: boolean) =>
    onChange(wanted ? [...value, scope] : value.filter((each) => each !== scope));
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <Text component="legend" fw={600} size="sm" mb={4}>
        {t('settings.keys.may')}
      </Text>
      <div className={classes.scopes}>
        {areas.map((area) => (
          <Fragment key={area}>
            <Text>{t(`settings.keys.areas.${area}`)}</Text>
            {(['read', 'write'] as const).map((verb) => (
              <Checkbox
                key={verb}
                py={10}
                label={t(`settings.keys.${verb}`)}
                aria-label={`${t(`settings.keys.areas.${area}`)}: ${t(`settings.keys.${verb}`)}`}
                checked={value.includes(scopeOf(area, verb))}
                onChange={(event) => set(scopeOf(area, verb), event.target.checked)}
              />
            ))}
          </Fragment>
        ))}
      </div>
    </fieldset>
  );
}
