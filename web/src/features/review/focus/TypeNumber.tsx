import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';

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
    mutationFn: () => identify(detection.id, text.trim()),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() !== '') looking.mutate();
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
      {looking.data?.length === 0 && <Text role="status">{t('review.typedNone')}</Text>}
      {looking.data !== undefined && looking.data.length > 0 && (
        <CandidateList candidates={looking.data} sure onChoose={onChoose} />
      )}
      {text.trim() !== '' && looking.isSuccess && (
        <Button variant="subtle" onClick={() => onKeepAs(text.trim())}>
          {t('review.keepAs', { title: text.trim() })}
        </Button>
      )}
    </Stack>
  );
}
