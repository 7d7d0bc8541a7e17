import { z } from 'zod';
import type { Engine } from '../core/engine.ts';
import { RasrError } from '../core/errors.ts';
import { type CopyOptions, writeCopy } from '../core/photo/copy.ts';
import { readFormat } from '../core/photo/decode.ts';
import { MEDIA_TYPES } from '../core/photo/formats.ts';
import { type DisplaySize, displayCopy, resultKey } from '../core/previews/display-copy.ts';
import type { RestorationRecord } from '../core/restoration/record.ts';

/** What hangs under the pointer while a result is dragged out: systems read PNG. */
const ICON: CopyOptions = { side: 96, format: 'png', quality: 90 };

/**
 * A picture the engine issues, by kind and id; nothing else of the disk can be asked for.
 * `photo…` take a photo's id, `result…` a job's, `reference…` a picture's hash.
 */
export const pictureRequest = z.object({
  kind: z.enum([
    'photo',
    'photo-thumbnail',
    'result',
    'result-thumbnail',
    'result-file',
    'result-icon',
    'reference',
    'reference-thumbnail',
  ]),
  id: z.string().regex(/^[0-9a-f-]{36}$|^[0-9a-f]{64}$/),
});
export type PictureRequest = z.infer<typeof pictureRequest>;

/** A file to show or to save. */
export interface PictureFile {
  /** Absolute path. */
  readonly file: string;
  readonly mediaType: string;
  /** Name to save it under. */
  readonly name: string;
}

/** @throws RasrError `FILE_MISSING`, `JOB_MISSING`, `JOB_NOT_READY`, or as `decodePhoto` */
export async function pictureFile(engine: Engine, { kind, id }: PictureRequest): Promise<PictureFile> {
  const { paths } = engine.library;
  switch (kind) {
    case 'photo':
    case 'photo-thumbnail':
      return preview(engine, engine.jobs.photos.get(id).path, id, kind === 'photo' ? 'view' : 'thumbnail');
    case 'result':
    case 'result-thumbnail': {
      const { output, finishedAt } = finishedJob(engine, id);
      return preview(engine, output, resultKey(id, finishedAt), kind === 'result' ? 'view' : 'thumbnail');
    }
    case 'result-file': {
      const { output, record } = finishedJob(engine, id);
      return { file: output, mediaType: MEDIA_TYPES[await readFormat(output)], name: record.output.name };
    }
    case 'result-icon': {
      const thumbnail = await pictureFile(engine, { kind: 'result-thumbnail', id });
      const file = `${thumbnail.file}.png`;
      await writeCopy(thumbnail.file, file, ICON);
      return { file, mediaType: MEDIA_TYPES.png, name: `${id}.png` };
    }
    case 'reference':
      return { file: paths.proxy(id), mediaType: MEDIA_TYPES.jpeg, name: `${id}.jpg` };
    case 'reference-thumbnail':
      return { file: await engine.thumbnails.of(id), mediaType: MEDIA_TYPES.jpeg, name: `${id}.jpg` };
  }
}

async function preview(engine: Engine, source: string, key: string, size: DisplaySize): Promise<PictureFile> {
  const file = await displayCopy(engine.library.paths, source, key, size);
  return { file, mediaType: MEDIA_TYPES.webp, name: `${key}.webp` };
}

/** A job's output and how it came to be. */
export interface FinishedJob {
  /** Absolute path. */
  readonly output: string;
  readonly record: RestorationRecord;
  readonly finishedAt: string;
}

/** @throws RasrError `JOB_MISSING` or `JOB_NOT_READY` */
export function finishedJob(engine: Engine, id: string): FinishedJob {
  const { output, record, finishedAt } = engine.jobs.get(id);
  if (output === null || record === null || finishedAt === null) {
    throw new RasrError('JOB_NOT_READY', 'This photo is not restored yet.', 'Wait until it is done.');
  }
  return { output, record, finishedAt };
}
