import { existsSync, readFileSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RasrError } from '../errors.ts';
import { type IfExists, outputExists, writeFileAtomically } from '../files/atomic-write.ts';
import { encodePicture, type Picture } from '../photo/encode.ts';
import type { Photo } from '../photo/photo.ts';
import { restorationXmp } from '../photo/xmp.ts';
import { numberedName } from './output-name.ts';
import type { RestorationRecord } from './record.ts';
import type { RestorationRequest } from './restore.ts';

/** What to do where the output exists: as {@link IfExists}, or `number` to take the next free name. */
export type IfOutputExists = IfExists | 'number';

/**
 * The path an output gets, before minutes of work.
 *
 * @param name as the template has it
 * @throws RasrError `OUTPUT_EXISTS` where it must not be written
 */
export function chooseOutput(
  name: string,
  { photo, outputFolder, ifExists, takenNames = [] }: RestorationRequest,
): string {
  const output = path.join(outputFolder, name);
  if (ifExists !== 'number') {
    refuseToReplace(output, ifExists, photo);
    return output;
  }
  for (let n = 1; ; n++) {
    const numbered = numberedName(name, n);
    const candidate = path.join(outputFolder, numbered);
    // The record of an output that was moved away is not overwritten either.
    const free = !existsSync(candidate) && !existsSync(recordPath(candidate));
    if (free && !takenNames.includes(numbered)) return candidate;
  }
}

/**
 * Even where replacing was asked for, only what we made of this photo is replaced: neither an original nor
 * another photo's output is ever overwritten, whatever the name template says.
 */
function refuseToReplace(output: string, ifExists: IfExists, photo: string): void {
  if (!existsSync(output)) return;
  if (ifExists === 'refuse') throw outputExists(output);
  if (isSameFile(output, photo)) {
    throw new RasrError(
      'OUTPUT_EXISTS',
      `${output} is the photo itself, which is never overwritten.`,
      'Choose another name or another folder.',
    );
  }
  const made = photoOfOutput(output);
  if (made === path.basename(photo)) return;
  throw new RasrError(
    'OUTPUT_EXISTS',
    `${output} exists and was ${made === null ? 'not made by RASR' : `made from ${made}`}, so it is not overwritten.`,
    'Choose another name or another folder.',
  );
}

/** Name of the photo that an output of ours was made from; null where the file is none of ours. */
function photoOfOutput(output: string): string | null {
  try {
    return (JSON.parse(readFileSync(recordPath(output), 'utf8')) as RestorationRecord).photo.name;
  } catch {
    return null;
  }
}

/** Whatever the paths look like: other case, links. */
function isSameFile(a: string, b: string): boolean {
  const [first, second] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return first.dev === second.dev && first.ino === second.ino;
}

/** The record lies beside the output under its full name, so that x.jpg and x.png keep theirs apart. */
export function recordPath(output: string): string {
  return `${output}.rasr.json`;
}

/**
 * Writes an output and its record: both or neither. The record is there first, so that after a crash every
 * output has one.
 *
 * @throws RasrError as `writeFileAtomically`
 */
export async function saveOutput(
  picture: Picture,
  photo: Photo,
  record: RestorationRecord,
  output: string,
  { format: wanted, ifExists }: Pick<RestorationRequest, 'format' | 'ifExists'>,
): Promise<void> {
  const format = wanted === 'keep' ? photo.format : wanted;
  const xmp = restorationXmp(record.tool, JSON.stringify(withoutPictures(record)), photo.xmp);
  let recorded = false;
  try {
    await writeFileAtomically(output, ifExists === 'replace' ? 'replace' : 'refuse', async (temporary) => {
      await encodePicture(picture, photo, format, xmp, temporary);
      // Somebody else's by now: its record stays.
      if (ifExists !== 'replace' && existsSync(output)) throw outputExists(output);
      await writeFileAtomically(recordPath(output), 'replace', (file) =>
        writeFile(file, `${JSON.stringify(record, null, 2)}\n`),
      );
      recorded = true;
    });
  } catch (error) {
    // A record without its output is half a result: the next attempt shall find neither.
    if (recorded && !existsSync(output)) await rm(recordPath(output), { force: true });
    throw error;
  }
}

/** The record of an output that is there whole; null where the output, its record or a part of that is missing. */
export function recordOf(output: string): RestorationRecord | null {
  if (!existsSync(output)) return null;
  try {
    const record = JSON.parse(readFileSync(recordPath(output), 'utf8')) as RestorationRecord;
    return record.output.name === path.basename(output) ? record : null;
  } catch {
    return null;
  }
}

/** The map is a picture of its own: it would make every output larger. */
function withoutPictures(record: RestorationRecord): object {
  if (record.sameObject === null) return record;
  const { weightMap: _, ...sameObject } = record.sameObject;
  return { ...record, sameObject };
}
