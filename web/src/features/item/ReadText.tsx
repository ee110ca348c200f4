import { Spoiler, Text, Title } from '@mantine/core';

import classes from './item.module.css';

import { useTranslation } from '@/lib/i18n';

/** As much as stands open; folding away less than as much again would hide nothing worth it. */
const OPEN_LINES = 8;
const LINE_HEIGHT = 26;
const LINE_LETTERS = 70;

/** What was read from the photos: searchable, so it is shown too. */
export function ReadText({ text }: { text: string }) {
  const { t } = useTranslation();
  const read = text.trim();
  if (read === '') return null;
  const lines = read
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE_LETTERS)), 0);
  const words = <Text style={{ whiteSpace: 'pre-line' }}>{read}</Text>;
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.3rem" mb="xs">
        {t('item.readText')}
      </Title>
      {lines <= OPEN_LINES * 2 ? (
        words
      ) : (
        <Spoiler
          maxHeight={OPEN_LINES * LINE_HEIGHT}
          showLabel={t('common.loadMore')}
          hideLabel={t('common.showLess')}
        >
          {words}
        </Spoiler>
      )}
    </section>
  );
}
