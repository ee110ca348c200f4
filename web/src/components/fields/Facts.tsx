import { Anchor } from '@mantine/core';

import classes from './fields.module.css';
import { byGroup } from './groups';
import { showValue } from './showValue';

import { useTranslation } from '@/lib/i18n';
import type { FieldValue } from '@/lib/wire/item';
import type { Field } from '@/lib/wire/kind';

interface Props {
  fields: readonly Field[];
  values: Record<string, FieldValue>;
}

/** What is known, group by group; what is not known is left out. */
export function Facts({ fields, values }: Props) {
  const { t } = useTranslation();
  const known = fields.filter(({ name }) => values[name] !== undefined);
  return byGroup(known).map((group) => (
    <section key={group.name} className={classes.facts}>
      <h2>{t(`item.groups.${group.name}`)}</h2>
      <dl style={{ margin: 0 }}>
        {group.fields.map((field) => (
          <div key={field.name} className={classes.fact}>
            <dt>{field.label}</dt>
            <dd>
              <Fact field={field} value={values[field.name]} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

function Fact({ field, value }: { field: Field; value: FieldValue | undefined }) {
  const { t } = useTranslation();
  if (field.type === 'url' && typeof value === 'string') {
    return (
      <Anchor href={value} rel="noreferrer" target="_blank">
        {value}
      </Anchor>
    );
  }
  return showValue(field, value, { yes: t('common.yes'), no: t('common.no') });
}
