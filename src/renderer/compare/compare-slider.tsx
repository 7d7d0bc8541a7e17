import { useState } from 'react';
import { useHost } from '../host/context.ts';
import classes from './compare-slider.module.css';
import { DividedPicture } from './divided-picture.tsx';
import type { DoneJob } from './done-job.ts';
import { useViewport } from './use-viewport.ts';
import { ZoomBar } from './zoom-bar.tsx';

/** Longest side of the copies that are made for showing; above it the file itself is shown. */
const PREVIEW_SIDE = 4096;

/** The photo and its result over each other, with zoom and pan. */
export function CompareSlider({ job }: { job: DoneJob }) {
  const host = useHost();
  const { output } = job.record;
  const { ref, placement, zoom, fits, zoomTo, showAll, dragging } = useViewport(output);
  const [pressed, setPressed] = useState(false);

  const longest = Math.max(output.width, output.height);
  const exact = longest > PREVIEW_SIDE && zoom * longest > PREVIEW_SIDE && !/\.tiff?$/i.test(output.name);
  return (
    <div className={classes.compare}>
      <div className={classes.stage}>
        <div ref={ref} className={classes.box}>
          {placement && (
            <DividedPicture
              photo={host.pictureUrl({ kind: 'photo', id: job.photoId })}
              result={host.pictureUrl({ kind: exact ? 'result-file' : 'result', id: job.id })}
              placement={placement}
              dragging={dragging}
              showBefore={pressed}
              onToggleZoom={() => (fits ? zoomTo(1) : showAll())}
            />
          )}
        </div>
      </div>
      <ZoomBar zoom={zoom} fits={fits} onFit={showAll} onZoom={zoomTo} onHold={setPressed} />
    </div>
  );
}
