import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { useJobs } from '../restore/jobs-provider.tsx';
import type { JobProgress } from '../restore/jobs-state.ts';
import { CompareStage } from './compare-stage.tsx';
import classes from './compare-view.module.css';
import { CompareWith } from './compare-with.tsx';
import { isDone } from './done-job.ts';
import { InfoPanel } from './info-panel.tsx';
import { otherResults, resultWithout } from './other-results.ts';
import { Unfinished } from './unfinished.tsx';
import { WithoutReferenceButton } from './without-reference-button.tsx';

interface CompareViewProps {
  readonly job: JobView;
  readonly progress: JobProgress | undefined;
  /** Told of the job that restores the photo again. */
  readonly onStarted: (jobId: string) => void;
}

/** One job: its picture, and beside it how it came to be. */
export function CompareView({ job, progress, onStarted }: CompareViewProps) {
  const { jobs } = useJobs();
  const { t } = useTranslation('compare');
  // A job that is not done yet takes its place once it is.
  const [beforeId, setBeforeId] = useState<string | null>(null);
  const others = isDone(job) ? otherResults(t, jobs, job) : new Map<string, never>();
  const before = [...others.values()].find(({ id }) => id === beforeId) ?? null;
  return (
    <div className={classes.view}>
      {isDone(job) ? (
        <CompareStage job={job} before={before} />
      ) : (
        <Unfinished job={job} progress={progress} />
      )}
      <InfoPanel job={job} onStarted={onStarted}>
        {others.size > 0 && <CompareWith others={others} before={before} onBefore={setBeforeId} />}
        {isDone(job) && job.record.sameObject && !resultWithout(others.values(), job) && (
          <WithoutReferenceButton
            job={job}
            started={jobs.find(({ id }) => id === beforeId)}
            onStarted={setBeforeId}
          />
        )}
      </InfoPanel>
    </div>
  );
}
