import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';

/** What a person types before it is asked for. */
const PAUSE = 200;

interface Props extends TextInputProps {
  /** Given undefined when it was emptied. */
  onFind: (words: string | undefined) => void;
}

/** Narrows a list by words, a moment after the last key. */
export function Find({ onFind, ...field }: Props) {
  const find = useDebouncedCallback((words: string) => onFind(words || undefined), PAUSE);
  return (
    <TextInput
      type="search"
      leftSection={<IconSearch size={20} aria-hidden />}
      onChange={(event) => find(event.target.value)}
      {...field}
    />
  );
}
