import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

import { useTranslation } from '@/lib/i18n';

/** Between the last key and the search, in milliseconds. */
const PAUSE = 180;

interface Props {
  value: string;
  onSearch: (q: string) => void;
}

/** Searches while one types; the address follows, so that going back works. */
export function SearchBox({ value, onSearch }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  const [known, setKnown] = useState(value);
  const later = useDebouncedCallback((next: string) => {
    setSent(next);
    onSearch(next);
  }, PAUSE);
  if (known !== value) {
    setKnown(value);
    // The address changed by itself, by going back or from the palette; where it only follows, it
    // may be behind what was typed meanwhile.
    if (value !== sent) {
      setSent(value);
      setText(value);
    }
  }
  const set = (next: string) => {
    setText(next);
    later(next);
  };
  return (
    <search>
      <TextInput
        size="lg"
        type="search"
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        leftSection={<IconSearch size={22} aria-hidden />}
        rightSection={
          text === '' ? null : (
            <CloseButton aria-label={t('search.clear')} onClick={() => set('')} />
          )
        }
        autoFocus
        value={text}
        onChange={(event) => set(event.target.value)}
      />
    </search>
  );
}
