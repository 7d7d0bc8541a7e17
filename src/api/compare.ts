import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Engine } from '../core/engine.ts';
import { calledBy, toRasrError } from '../core/errors.ts';
import { writeFileAtomically } from '../core/files/atomic-write.ts';
import { restorationXmp } from '../core/photo/xmp.ts';
import { beforeAfterPicture } from '../core/previews/before-after.ts';
import { differenceTile, pictureTile } from '../core/previews/tile.ts';
import { finishedJob } from './pictures.ts';

/** A picture that is shown in tiles: a photo by its id, or a result by its job's. */
export const tiledPicture = z.object({ kind: z.enum(['photo', 'result']), id: z.uuid() });
export type TiledPicture = z.infer<typeof tiledPicture>;

/**
 * One tile of a picture, or of how much a result differs from what is before it. `level` is how often the picture
 * is halved; the grid is that of Deep Zoom: tiles of 512 pixels that share one with each neighbour.
 */
export const tileRequest = z.object({
  kind: z.enum(['photo', 'result', 'difference']),
  /** The photo's id, or the result's job. */
  id: z.uuid(),
  /** The job whose result a `difference` is to; its own photo where it is left out. */
  against: z.uuid().optional(),
  level: z.coerce.number().int().min(0).max(20),
  x: z.coerce.number().int().min(0).max(10_000),
  y: z.coerce.number().int().min(0).max(10_000),
});
export type TileRequest = z.infer<typeof tileRequest>;

const share = z.number().min(0).max(1);

/** Before and after in one picture, for sharing. */
export const beforeAfterRequest = z.object({
  /** The result's job. */
  id: z.uuid(),
  /** The job whose result is before it; null for its own photo. */
  against: z.uuid().nullable(),
  /** The part to show, in shares of the picture. */
  part: z.object({ left: share, top: share, width: share, height: share }),
  labels: z.object({ before: z.string().max(200), after: z.string().max(200) }),
});
export type BeforeAfterRequest = z.infer<typeof beforeAfterRequest>;

/** A file of the engine, and what its user calls it. */
interface Named {
  readonly file: string;
  readonly name: string;
}

/** Media type of tiles. */
export const TILE_TYPE = 'image/png';

/** @throws RasrError as `pictureTile`, in words without our paths */
export async function tile(engine: Engine, request: TileRequest): Promise<Uint8Array> {
  const { kind, id, against, ...place } = request;
  const { pyramids } = engine;
  if (kind !== 'difference') {
    const picture = tiledFile(engine, { kind, id });
    return named([picture], pictureTile(pyramids, picture.file, place));
  }
  const [before, after] = [beforeOf(engine, id, against ?? null), tiledFile(engine, { kind: 'result', id })];
  return named([before, after], differenceTile(pyramids, before.file, after.file, place));
}

/** Cuts a picture into tiles unless it is cut already. @throws RasrError as {@link tile} */
export async function prepareTiles(engine: Engine, picture: TiledPicture): Promise<void> {
  const found = tiledFile(engine, picture);
  await named(
    [found],
    engine.pyramids.read(found.file, async () => {}),
  );
}

/**
 * Before and after as one JPEG, and a name for it.
 *
 * @throws RasrError as {@link tile}
 */
export async function beforeAfter(
  engine: Engine,
  { id, against, part, labels }: BeforeAfterRequest,
): Promise<{ bytes: Uint8Array; name: string }> {
  const { record, output } = finishedJob(engine, id);
  const before = beforeOf(engine, id, against);
  const { sameObject, ...rest } = record;
  const made = { ...rest, sameObject: sameObject && { ...sameObject, weightMap: undefined } };
  const bytes = await named(
    [before, { file: output, name: record.output.name }],
    beforeAfterPicture(engine.pyramids, {
      before: before.file,
      after: output,
      part,
      labels,
      xmp: restorationXmp(engine.tool, JSON.stringify(made), null),
    }),
  );
  return { bytes, name: `${path.parse(record.photo.name).name}-before-after.jpg` };
}

/** Writes before and after as one JPEG to a new file. @throws RasrError `OUTPUT_EXISTS`, or as {@link beforeAfter} */
export async function saveBeforeAfter(
  engine: Engine,
  request: BeforeAfterRequest,
  file: string,
): Promise<void> {
  const { bytes } = await beforeAfter(engine, request);
  await writeFileAtomically(file, 'refuse', (temporary) => writeFile(temporary, bytes));
}

function beforeOf(engine: Engine, id: string, against: string | null): Named {
  return against === null
    ? tiledFile(engine, { kind: 'photo', id: engine.jobs.get(id).photoId })
    : tiledFile(engine, { kind: 'result', id: against });
}

function tiledFile(engine: Engine, { kind, id }: TiledPicture): Named {
  if (kind === 'photo') {
    const { path: file, name } = engine.jobs.photos.get(id);
    return { file, name };
  }
  const { output, record } = finishedJob(engine, id);
  return { file: output, name: record.output.name };
}

/** Refusals that call files by the names their user knows. */
async function named<Result>(files: readonly Named[], work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw files.reduce(
      (told, { file, name }) => calledBy(told, file, name),
      toRasrError(error, files.map(({ name }) => name).join(', ')),
    );
  }
}
