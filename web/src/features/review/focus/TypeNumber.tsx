import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from 'react';

import { CandidateList } from './CandidateList';
import { identify } from '../api/identify';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import type { Candidate, Waiting } from '@/lib/wire/scan';

interface Props {
  detection: Waiting;
  onChoose: (candidate: Candidate) => void;
  onKeepAs: (title: string) => void;
  autoFocus: boolean;
}

/** What the machine could not read, a person types: the number, or a title. */
export function TypeNumber({ detection, onChoose, onKeepAs, autoFocus }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // The field may stand there already when the key for it is pressed.
  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);
  const looking = useMutation({
    mutationFn: (words: string) => identify(detection.id, words),
  });
  const words = text.trim();
  const found = looking.variables === words ? looking.data : undefined;
  const best = found?.[0];
  // The first Enter looks it up, the next one takes what was found best.
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (best !== undefined) onChoose(best);
    else if (words !== '' && !looking.isPending) looking.mutate(words);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') field.current?.blur();
    // A key that is held down looks up, and takes nothing.
    if (event.key === 'Enter' && event.repeat) event.preventDefault();
  };
  return (
    <Stack mt="md" gap="sm">
      <form onSubmit={submit}>
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            flex={1}
            label={t('review.typeLabel')}
            placeholder={t('review.typeHint')}
            value={text}
            ref={field}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
          />
          <Button type="submit" variant="default" loading={looking.isPending}>
            {t('review.look')}
          </Button>
        </Group>
      </form>
      {looking.error && (
        <Text c="danger" role="alert">
          {explain(looking.error).text}
        </Text>
      )}
      {found?.length === 0 && <Text role="status">{t('review.typedNone')}</Text>}
      {found !== undefined && best !== undefined && (
        <CandidateList candidates={found} sure numbered={false} onChoose={onChoose} />
      )}
      {words !== '' && looking.isSuccess && (
        <Button variant="subtle" onClick={() => onKeepAs(words)}>
          {t('review.keepAs', { title: words })}
        </Button>
      )}
    </Stack>
  );
}
