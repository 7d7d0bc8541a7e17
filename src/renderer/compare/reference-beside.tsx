import { useTranslation } from 'react-i18next';
import type { RecordView } from '../../api/views.ts';
import { useHost } from '../host/context.ts';
import classes from './reference-beside.module.css';
import { DRAWN_SIDE, isOnReference, layReference } from './reference-view.ts';
import type { Placement, Point } from './viewport.ts';

/** Sides of the window in CSS pixels; its style has the same. */
const WINDOW = { width: 240, height: 240 };

interface ReferenceBesideProps {
  readonly record: RecordView;
  readonly placement: Placement;
  /** The point of the frame that is looked at, in CSS pixels. */
  readonly spot: Point;
}

/**
 * The reference beside the point that is looked at: of one that shows the very same object the matching part, laid
 * as it lies on the photo; of any other all of it, since no part of it matches.
 */
export function ReferenceBeside({ record, placement, spot }: ReferenceBesideProps) {
  const { t } = useTranslation('compare');
  const host = useHost();
  const { references, sameObject } = record;
  const aligned = references.find(({ sha256 }) => sha256 === sameObject?.sha256);
  const reference = aligned ?? references[0];
  if (reference === undefined) return null;
  const map = aligned && sameObject?.toReference;
  const { picture, frame } = placement;
  const at = { x: (spot.x - picture.left) / picture.width, y: (spot.y - picture.top) / picture.height };
  const reached = map === undefined || isOnReference(map, at.x, at.y);
  // Never over what is looked at.
  const corner = spot.x > frame.width / 2 ? 'start' : 'end';
  const src = host.pictureUrl({ kind: 'reference', id: reference.sha256 });
  return (
    <figure className={classes.beside} data-corner={corner} data-testid="reference-beside" aria-live="off">
      <div className={classes.window}>
        {map === undefined ? (
          <img
            className={classes.whole}
            src={src}
            alt={t('reference.whole', { name: reference.name })}
            draggable={false}
          />
        ) : (
          <img
            className={classes.laid}
            src={src}
            alt={t('reference.same', { name: reference.name })}
            draggable={false}
            style={{
              width: DRAWN_SIDE,
              height: DRAWN_SIDE,
              transform: layReference(map, picture, spot, WINDOW),
            }}
          />
        )}
        {map !== undefined && reached && <span className={classes.cross} />}
        {!reached && <span className={classes.beyond}>{t('reference.beyond')}</span>}
      </div>
      <figcaption className={classes.caption}>{reference.name}</figcaption>
    </figure>
  );
}
