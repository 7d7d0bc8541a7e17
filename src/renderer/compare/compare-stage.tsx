import { useLocalStorage } from '@mantine/hooks';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyAction } from './compare-keys.ts';
import classes from './compare-stage.module.css';
import { DifferenceLegend } from './difference-legend.tsx';
import { DividedPicture } from './divided-picture.tsx';
import type { DoneJob } from './done-job.ts';
import { KeysHelp } from './keys-help.tsx';
import { LensPicture } from './lens-picture.tsx';
import { resultWords } from './other-results.ts';
import { ReferenceBeside } from './reference-beside.tsx';
import { shownDifference, shownPhoto, shownResult } from './shown-picture.ts';
import { SideBySide } from './side-by-side.tsx';
import { useCompareKeys } from './use-compare-keys.ts';
import { useShare } from './use-share.ts';
import { useSpot } from './use-spot.ts';
import { useViewport } from './use-viewport.ts';
import { useWeightMap } from './use-weight-map.ts';
import { ViewBar, ZOOM_STEP } from './view-bar.tsx';
import { visiblePart } from './viewport.ts';
import { nextWay, type Way } from './ways.ts';

/** How far arrows move the divider and the lens, in shares of the picture: as they are, and with Shift. */
const STEP = 0.05;
const FINE_STEP = 0.01;
/** How far the letters move the view, in shares of it. */
const LOOK_STEP = 0.2;

interface CompareStageProps {
  readonly job: DoneJob;
  /** Another result of the photo to compare with; null for the photo. */
  readonly before: DoneJob | null;
}

/** The photo, or another result of it, and the result, in one of the ways to compare them. */
export function CompareStage({ job, before: against }: CompareStageProps) {
  const { t } = useTranslation('compare');
  const [way, setWay] = useKept<Way>('rasr-compare-way', 'slider');
  const [withReference, setWithReference] = useKept('rasr-compare-reference', false);
  const [differing, setDiffering] = useState(false);
  const [help, setHelp] = useState(false);
  const [pressed, setPressed] = useState(false);
  const panes = way === 'side' ? 2 : 1;
  const { ref, pane, placement, zoom, fits, zoomTo, showAll, look, dragging } = useViewport(
    job.record.output,
    panes,
  );
  const { spot, moveSpot, followPointer } = useSpot(placement?.frame);
  const weightMap = useWeightMap(job);
  const share = useShare();
  const moveDivider = useRef((_by: number) => {});
  const takeMover = useCallback((move: (by: number) => void) => {
    moveDivider.current = move;
  }, []);

  const result = {
    shown: shownResult(job),
    label: against === null ? t('after') : resultWords(t, job.record, against.record),
  };
  const before =
    against === null
      ? { shown: shownPhoto(job), label: t('before') }
      : { shown: shownResult(against), label: resultWords(t, against.record, job.record) };
  const after = differing ? { ...result, label: t('difference.label') } : result;
  const hasReference = job.record.references.length > 0;

  const shareIt = () => {
    if (placement && !share.isPending)
      share.mutate({ job, against, part: visiblePart(placement), before, after: result });
  };
  const move = (right: number, down: number, fine: boolean) => {
    const step = fine ? FINE_STEP : STEP;
    if (way === 'slider') moveDivider.current((right - down) * step * 100);
    else if (way === 'lens') moveSpot(right * step, down * step);
    else look(right * step, down * step);
  };
  const act = (action: Exclude<KeyAction, { kind: 'hold' }>, fine: boolean) => {
    switch (action.kind) {
      case 'move':
        return move(action.right, action.down, fine);
      case 'look':
        return look(action.right * (fine ? STEP : LOOK_STEP), action.down * (fine ? STEP : LOOK_STEP));
      case 'zoomIn':
        return zoomTo(zoom * ZOOM_STEP);
      case 'zoomOut':
        return zoomTo(zoom / ZOOM_STEP);
      case 'fit':
        return showAll();
      case 'truePixels':
        return zoomTo(1);
      case 'toggleZoom':
        return fits ? zoomTo(1) : showAll();
      case 'nextWay':
        return setWay(nextWay(way));
      case 'difference':
        return setDiffering(!differing);
      case 'weightMap':
        return weightMap.toggle();
      case 'reference':
        return hasReference && setWithReference(!withReference);
      case 'share':
        return shareIt();
      case 'help':
        return setHelp(!help);
    }
  };
  const held = useCompareKeys(act);

  const compared = placement && {
    before,
    after,
    difference: differing ? shownDifference(job, against) : null,
    weightMap: weightMap.url,
    placement,
    showBefore: held || pressed,
  };
  const whole = placement && (way === 'side' ? { inset: 0 } : placement.frame);
  return (
    <div className={classes.compare}>
      <div className={classes.stage}>
        <div ref={ref} className={classes.box}>
          {compared && whole && (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
            <div
              className={classes.frame}
              style={whole}
              role="group"
              aria-label={t('beforeAndAfter')}
              data-pannable={compared.placement.cropped}
              data-pane={way === 'side' ? undefined : true}
              data-way={way}
              data-testid="picture"
              {...dragging}
              onPointerMove={(event) => {
                dragging.onPointerMove(event);
                followPointer(event);
              }}
            >
              {way === 'slider' && <DividedPicture {...compared} onMover={takeMover} />}
              {way === 'side' && <SideBySide {...compared} pane={pane} />}
              {way === 'lens' && <LensPicture {...compared} spot={spot} />}
            </div>
          )}
          {compared && withReference && (
            <ReferenceBeside record={job.record} placement={compared.placement} spot={spot} />
          )}
          {differing && <DifferenceLegend />}
        </div>
      </div>
      <ViewBar
        zoom={zoom}
        fits={fits}
        onFit={showAll}
        onZoom={zoomTo}
        onHold={setPressed}
        way={way}
        onWay={setWay}
        differing={differing}
        onDiffering={() => setDiffering(!differing)}
        weightMap={weightMap.available ? weightMap : null}
        withReference={hasReference ? withReference : null}
        onWithReference={() => setWithReference(!withReference)}
        sharing={share.isPending}
        onShare={shareIt}
        onHelp={() => setHelp(true)}
      />
      <KeysHelp opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

/** What stays chosen from photo to photo. */
function useKept<Value>(key: string, defaultValue: Value) {
  return useLocalStorage<Value>({ key, defaultValue, getInitialValueInEffect: false });
}
