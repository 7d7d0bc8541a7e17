import type { JobView } from '../../api/views.ts';
import type { JobProgress } from '../restore/jobs-state.ts';
import { CompareSlider } from './compare-slider.tsx';
import classes from './compare-view.module.css';
import { isDone } from './done-job.ts';
import { InfoPanel } from './info-panel.tsx';
import { Unfinished } from './unfinished.tsx';

interface CompareViewProps {
  readonly job: JobView;
  readonly progress: JobProgress | undefined;
  /** Told of the job that restores the photo again. */
  readonly onStarted: (jobId: string) => void;
}

/** One job: its picture, and beside it how it came to be. */
export function CompareView({ job, progress, onStarted }: CompareViewProps) {
  return (
    <div className={classes.view}>
      {isDone(job) ? <CompareSlider job={job} /> : <Unfinished job={job} progress={progress} />}
      <InfoPanel job={job} onStarted={onStarted} />
    </div>
  );
}
