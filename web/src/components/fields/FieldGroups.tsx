import { FieldInput, type FormValue } from './FieldInput';
import classes from './fields.module.css';
import { byGroup } from './groups';

import { useTranslation } from '@/lib/i18n';
import type { Field } from '@/lib/wire/kind';

interface Props {
  fields: readonly Field[];
  values: Record<string, FormValue>;
  errors: Record<string, React.ReactNode>;
  /** Where the errors of these fields are filed: `fields` or `own_fields`. */
  prefix: string;
  onChange: (name: string, value: FormValue) => void;
}

/** Lists and long texts need the whole line, and so does what a thing is called. */
const isWide = ({ type, name }: Field): boolean =>
  type === 'long_text' || type === 'list' || name === 'title';

/** A kind's fields as a form, group by group. */
export function FieldGroups({ fields, values, errors, prefix, onChange }: Props) {
  const { t } = useTranslation();
  return byGroup(fields).map((group) => (
    <fieldset key={group.name} className={classes.group}>
      <legend>{t(`item.groups.${group.name}`)}</legend>
      <div className={classes.inputs}>
        {group.fields.map((field) => (
          <div key={field.name} data-wide={isWide(field) || undefined}>
            <FieldInput
              field={field}
              value={values[field.name] ?? null}
              error={errors[`${prefix}.${field.name}`]}
              onChange={(value) => onChange(field.name, value)}
            />
          </div>
        ))}
      </div>
    </fieldset>
  ));
}
