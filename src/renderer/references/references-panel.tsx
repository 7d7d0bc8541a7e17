import { Button, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLibraryPhoto } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobView, RecordView } from '../../api/views.ts';
import { useApi } from '../api.ts';
import { useJobActions } from '../restore/use-job-actions.ts';
import {
  type Choice,
  choiceOf,
  choose,
  sameChoice,
  settingsWith,
  toggleExcluded,
  togglePinned,
} from './choice.ts';
import { NextChoice } from './next-choice.tsx';
import { NoReference } from './no-reference.tsx';
import { ReferencePicker } from './reference-picker.tsx';
import { ReferenceRow } from './reference-row.tsx';
import classes from './references-panel.module.css';
import { SameObjectInfo } from './same-object-info.tsx';
import { useLibraryReferences } from './use-library-references.ts';

interface ReferencesPanelProps {
  readonly job: JobView & { readonly record: RecordView };
  /** Told of the job that restores the photo again. */
  readonly onStarted: (jobId: string) => void;
}

/** The references used, or why there are none; and the way to have others used. */
export function ReferencesPanel({ job, onStarted }: ReferencesPanelProps) {
  const { t } = useTranslation('references');
  const { query } = useApi();
  const { start } = useJobActions();
  const [choice, setChoice] = useState(choiceOf(job.settings));
  const [picking, picker] = useDisclosure(false);
  const { data: generator } = useQuery(query.batch.generator.queryOptions());
  const { record } = job;
  const { references, sameObject, search } = record;
  const held = useLibraryReferences(record);

  const restoreWith = async (wanted: Choice) => {
    const settings = settingsWith(job.settings, wanted);
    const [started] = await start({ photoIds: [job.photoId], settings });
    if (started) onStarted(started.id);
  };

  return (
    <section className={classes.section} aria-label={t('region')}>
      <Title order={3} size="sm">
        {references.length > 1 ? t('titleMany') : t('title')}
      </Title>
      <SameObjectInfo record={record} />
      <NoReference
        job={job}
        nearest={search?.best ? held(search.best) : undefined}
        onUse={(id) => void restoreWith(togglePinned(choice, id)).catch(() => {})}
      />
      {references.length > 0 && (
        <ul className={classes.list} data-used>
          {references.map((reference) => (
            <ReferenceRow
              key={reference.sha256}
              reference={reference}
              id={held(reference)?.id}
              // What lies on the photo point by point needs no likeness.
              tellsLikeness={reference.sha256 !== sameObject?.sha256 && search !== null}
              choice={choice}
              onPin={(id) => setChoice(togglePinned(choice, id))}
              onExclude={(id) => setChoice(toggleExcluded(choice, id))}
            />
          ))}
        </ul>
      )}
      {!sameChoice(choice, choiceOf(job.settings)) && (
        <NextChoice
          choice={choice}
          onRestore={() => void restoreWith(choice).catch(() => {})}
          onDiscard={() => setChoice(choiceOf(job.settings))}
        />
      )}
      <Button
        size="compact-sm"
        variant="default"
        className={classes.choose}
        leftSection={<IconLibraryPhoto size={16} stroke={1.5} />}
        onClick={picker.open}
      >
        {t('choose')}
      </Button>
      <ReferencePicker
        opened={picking}
        photo={job.photo}
        photoId={job.photoId}
        chosen={choice.chosen}
        atMost={generator?.maxReferences ?? 1}
        onChoose={(ids) => setChoice(choose(ids))}
        onClose={picker.close}
      />
    </section>
  );
}
