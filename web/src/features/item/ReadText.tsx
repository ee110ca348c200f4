import { Spoiler, Text, Title } from '@mantine/core';

import classes from './item.module.css';

import { useTranslation } from '@/lib/i18n';

/** What was read from the photos: searchable, so it is shown too. */
export function ReadText({ text }: { text: string }) {
  const { t } = useTranslation();
  if (text.trim() === '') return null;
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.3rem" mb="xs">
        {t('item.readText')}
      </Title>
      <Spoiler maxHeight={96} showLabel={t('common.loadMore')} hideLabel={t('common.showLess')}>
        <Text style={{ whiteSpace: 'pre-line' }}>{text}</Text>
      </Spoiler>
    </section>
  );
}
