import { VisuallyHidden } from '@mantine/core';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announcement, type Batch } from './batch-words.ts';
import { useJobs } from './jobs-provider.tsx';

/** Tells a screen reader how the batch goes, in whatever view its user is. */
export function BatchAnnouncer() {
  const { t } = useTranslation('restore');
  const { loaded, batch } = useJobs();
  const last = useRef<Batch | null>(null);
  const [words, setWords] = useState('');

  const hear = useEffectEvent((now: Batch) => {
    // What the first snapshot tells is how things are, not news.
    const spoken = last.current === null ? null : announcement(t, last.current, now);
    last.current = now;
    if (spoken !== null) setWords(spoken);
  });
  useEffect(() => {
    if (loaded) hear(batch);
  }, [loaded, batch]);

  return (
    <VisuallyHidden role="status" aria-label={t('batch.label')}>
      {words}
    </VisuallyHidden>
  );
}
