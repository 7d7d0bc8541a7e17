import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import classes from './compare-slider.module.css';
import { DividedPicture } from './divided-picture.tsx';
import type { DoneJob } from './done-job.ts';
import { resultWords } from './other-results.ts';
import { useViewport } from './use-viewport.ts';
import { WeightMapButton } from './weight-map-button.tsx';
import { ZoomBar } from './zoom-bar.tsx';

/** Longest side of the copies that are made for showing; above it the file itself is shown. */
const PREVIEW_SIDE = 4096;

interface CompareSliderProps {
  readonly job: DoneJob;
  /** Another result of the photo to compare with; null for the photo. */
  readonly before: DoneJob | null;
}

/** The photo, or another result of it, and the result over each other, with zoom and pan. */
export function CompareSlider({ job, before }: CompareSliderProps) {
  const host = useHost();
  const { ref, placement, zoom, fits, zoomTo, showAll, dragging } = useViewport(job.record.output);
  const [pressed, setPressed] = useState(false);
  const weightMap = useWeightMap(job);

  const resultUrl = ({ id, record: { output } }: DoneJob) => {
    const longest = Math.max(output.width, output.height);
    const exact = longest > PREVIEW_SIDE && zoom * longest > PREVIEW_SIDE && !/\.tiff?$/i.test(output.name);
    return host.pictureUrl({ kind: exact ? 'result-file' : 'result', id });
  };
  return (
    <div className={classes.compare}>
      <div className={classes.stage}>
        <div ref={ref} className={classes.box}>
          {placement && (
            <DividedPicture
              before={
                before === null
                  ? { url: host.pictureUrl({ kind: 'photo', id: job.photoId }), label: 'Before' }
                  : { url: resultUrl(before), label: resultWords(before.record, job.record) }
              }
              after={{
                url: resultUrl(job),
                label: before === null ? 'After' : resultWords(job.record, before.record),
              }}
              weightMap={weightMap.url}
              placement={placement}
              dragging={dragging}
              showBefore={pressed}
              onToggleZoom={() => (fits ? zoomTo(1) : showAll())}
              onToggleWeightMap={weightMap.toggle}
            />
          )}
        </div>
      </div>
      <ZoomBar zoom={zoom} fits={fits} onFit={showAll} onZoom={zoomTo} onHold={setPressed}>
        {job.record.sameObject && <WeightMapButton shown={weightMap.shown} onToggle={weightMap.toggle} />}
      </ZoomBar>
    </div>
  );
}

/** Where a result came from a reference of the very same object, once it is asked for. */
function useWeightMap({ id, record }: DoneJob) {
  const { query } = useApi();
  const [shown, setShown] = useState(false);
  const available = record.sameObject !== null;
  const { data } = useQuery({
    ...query.jobs.weightMap.queryOptions({ jobId: id }),
    enabled: available && shown,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    shown,
    url: available && shown && data ? `data:image/png;base64,${data}` : null,
    toggle: () => setShown((old) => available && !old),
  };
}
