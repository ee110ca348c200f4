import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';

import { lookUp } from './api/lookUp';
import classes from './item.module.css';

import { Crop } from '@/components/detection/Crop';
import { Likelihood } from '@/components/Likelihood';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

/** Before anything is typed twice: a catalogue may know it by its number or title. */
export function LookUp({ kind }: { kind: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const looking = useMutation({ mutationFn: () => lookUp(kind, text.trim()) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() !== '') looking.mutate();
  };
  return (
    <section className={classes.lookUp}>
      <form onSubmit={submit}>
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            flex={1}
            label={t('item.lookUp.label')}
            placeholder={t('item.lookUp.hint')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" variant="default" loading={looking.isPending}>
            {t('item.lookUp.act')}
          </Button>
        </Group>
      </form>
      <div role="status">
        {looking.error && <Text c="danger">{explain(looking.error).text}</Text>}
        {looking.data?.length === 0 && <Text mt="sm">{t('item.lookUp.none')}</Text>}
      </div>
      <ul className={classes.found}>
        {looking.data?.map((found) => (
          <li key={found.catalogue_entry_id}>
            <Crop url={found.image_url} alt={found.title} className={classes.foundPicture} />
            <div>
              <Text className="serif">{found.title}</Text>
              <Text size="sm" c="dimmed">
                {found.subtitle}
              </Text>
              <Likelihood score={found.score} />
            </div>
            <Button
              variant="default"
              aria-label={`${t('item.lookUp.choose')}: ${found.title}`}
              renderRoot={(props) => (
                <Link
                  to="/items/new"
                  search={{ kind, entry: found.catalogue_entry_id }}
                  {...props}
                />
              )}
            >
              {t('item.lookUp.choose')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
