import { z } from 'zod';
import type { Engine } from '../core/engine.ts';
import { RasrError } from '../core/errors.ts';
import { type CopyOptions, writeCopy } from '../core/photo/copy.ts';
import { readPhotoHeader } from '../core/photo/decode.ts';
import { MEDIA_TYPES } from '../core/photo/formats.ts';

/** Display copies: WebP is what every browser shows, whatever the photo is. */
const VIEW: CopyOptions = { side: 4096, format: 'webp', quality: 94 };
const THUMBNAIL: CopyOptions = { side: 384, format: 'webp', quality: 82 };
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
      return preview(engine, engine.jobs.photos.get(id).path, id, kind === 'photo' ? VIEW : THUMBNAIL);
    case 'result':
    case 'result-thumbnail': {
      const { output, finishedAt } = finished(engine, id);
      // A job that was restored again has another preview.
      const key = `${id}-${Date.parse(finishedAt)}`;
      return preview(engine, output, key, kind === 'result' ? VIEW : THUMBNAIL);
    }
    case 'result-file': {
      const { output, name } = finished(engine, id);
      const { format } = await readPhotoHeader(output);
      return { file: output, mediaType: MEDIA_TYPES[format], name };
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
      return { file: paths.thumbnail(id), mediaType: MEDIA_TYPES.webp, name: `${id}.webp` };
  }
}

async function preview(
  engine: Engine,
  file: string,
  key: string,
  options: CopyOptions,
): Promise<PictureFile> {
  const destination = engine.library.paths.preview(`${key}-${options.side}`);
  await writeCopy(file, destination, options);
  return { file: destination, mediaType: MEDIA_TYPES.webp, name: `${key}.webp` };
}

function finished(engine: Engine, id: string): { output: string; name: string; finishedAt: string } {
  const { output, record, finishedAt } = engine.jobs.get(id);
  if (output === null || record === null || finishedAt === null) {
    throw new RasrError('JOB_NOT_READY', 'This photo is not restored yet.', 'Wait until it is done.');
  }
  return { output, name: record.output.name, finishedAt };
}
