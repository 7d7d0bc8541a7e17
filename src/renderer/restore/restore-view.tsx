import { Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CompareView } from '../compare/compare-view.tsx';
import { DropOverlay } from '../shell/drop-overlay.tsx';
import type { GivenFile } from '../shell/dropped-files.ts';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { go } from '../shell/use-route.ts';
import { EmptyState } from './empty-state.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { useIntake } from './intake-provider.tsx';
import { useJobs } from './jobs-provider.tsx';
import { RefusedFiles } from './refused-files.tsx';
import { useSettings } from './settings.ts';
import { Toolbar } from './toolbar.tsx';

function select(job: string): void {
  go({ view: 'restore', job });
}

/** Photos in, results to look at: the list below, the photo chosen above. */
export function RestoreView({ jobId }: { jobId: string | null }) {
  const { t } = useTranslation('restore');
  const { jobs, loaded: jobsLoaded, progress } = useJobs();
  const { takeIn } = useIntake();
  const next = useSettings();

  const loaded = jobsLoaded && next.loaded;
  const addFiles = (given: GivenFile[]) =>
    void next.known().then((settings) => takeIn(given, settings, select));
  const over = useFileDrop(addFiles);

  const empty = loaded && jobs.length === 0;
  const selected = loaded ? (jobs.find(({ id }) => id === jobId) ?? jobs.at(-1)) : undefined;
  return (
    <>
      {over && <DropOverlay text={t('drop')} />}
      {next.loaded && (
        <Toolbar
          settings={next.settings}
          onSettings={next.setSettings}
          onFiles={loaded && !empty ? addFiles : null}
        />
      )}
      <RefusedFiles />
      {!loaded && (
        <Center flex={1}>
          <Loader aria-label={t('loading')} />
        </Center>
      )}
      {empty && <EmptyState onFiles={addFiles} />}
      {selected && (
        <>
          <CompareView key={selected.id} job={selected} progress={progress[selected.id]} onStarted={select} />
          <Filmstrip selectedId={selected.id} onSelect={select} />
        </>
      )}
    </>
  );
}
