import { Button, Group, Popover, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';

import { useTranslation } from '@/lib/i18n';

/** One tag for everything that is selected. */
export function TagMenu({ disabled, onTag }: { disabled: boolean; onTag: (tag: string) => void }) {
  const { t } = useTranslation();
  const [tag, setTag] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (tag.trim() !== '') onTag(tag.trim());
    setTag('');
  };
  return (
    <Popover position="top" trapFocus returnFocus withArrow>
      <Popover.Target>
        <Button variant="default" disabled={disabled}>
          {t('collection.addTag')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Group align="flex-end" wrap="nowrap">
            <TextInput
              label={t('collection.tag')}
              value={tag}
              onChange={(event) => setTag(event.target.value)}
              data-autofocus
            />
            <Button type="submit">{t('collection.tagAct')}</Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
