import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Parser, type ReadEntry } from 'tar';
import { fromSystemError, RasrError } from '../../errors.ts';
import {
  type ArchiveManifest,
  archiveManifest,
  embeddingsBytes,
  embeddingsPath,
  MANIFEST,
  MAX_MANIFEST_BYTES,
  picturePath,
} from './manifest.ts';

/** A file of the archive, as the manifest promises it. */
interface Promised {
  readonly bytes: number;
  readonly sha256: string;
}

/** Where "ustar" stands in the first block of every archive we write. */
const MAGIC_AT = 257;

/**
 * Unpacks an archive of a gallery into a folder: the picture of reference `n` as `n.jpg`, a retriever's embeddings
 * under the model's hash. No name from the archive becomes a path: an entry is taken where the manifest promises
 * it, byte for byte, and the whole archive is refused where anything is more, less or different.
 *
 * @param file the archive
 * @param folder empty
 * @param name what messages call the file
 * @throws RasrError `ARCHIVE_INVALID`, `ARCHIVE_CORRUPT`, `FILE_MISSING`, `FILE_UNREADABLE` or `NO_SPACE`
 */
export async function unpackArchive(file: string, folder: string, name: string): Promise<ArchiveManifest> {
  await refuseOthers(file, name);
  const unpacking = new Unpacking(folder, name);
  const parser = new Parser({ strict: true, onReadEntry: (entry) => unpacking.take(entry) });
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
  });
  ended.catch(() => {});
  try {
    for await (const chunk of createReadStream(file)) {
      // What is not written yet waits in the file, not in memory.
      if (!parser.write(chunk as Buffer))
        await Promise.race([once(parser, 'drain'), ended, unpacking.refused]);
      unpacking.check();
    }
    parser.end();
    await Promise.race([ended, unpacking.refused]);
  } catch (error) {
    if (error instanceof RasrError) throw error;
    throw fromSystemError(error, name) ?? corrupt(name, 'it is cut short or damaged', error);
  }
  return unpacking.finish();
}

class Unpacking {
  readonly #folder: string;
  readonly #name: string;
  #manifest: ArchiveManifest | undefined;
  /** What is still to come, by its path in the archive. */
  readonly #promised = new Map<string, Promised & { readonly as: string }>();
  readonly #refused = Promise.withResolvers<never>();
  #work: Promise<void> = Promise.resolve();
  #fault: unknown;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.refused.catch(() => {});
  }

  /** Rejects with what an entry is refused for. */
  get refused(): Promise<never> {
    return this.#refused.promise;
  }

  /** @throws what an entry was refused for */
  check(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  take(entry: ReadEntry): void {
    this.#work = this.#work
      .then(() => (this.#fault === undefined ? this.#read(entry) : undefined))
      .catch((error: unknown) => {
        this.#fault ??= error;
        this.#refused.reject(error);
        // What was refused flows away, so that the parser does not wait for it.
        entry.resume();
      });
  }

  async finish(): Promise<ArchiveManifest> {
    await this.#work;
    this.check();
    if (this.#manifest === undefined) throw invalid(this.#name, 'it is empty');
    const [missing] = this.#promised.keys();
    if (missing !== undefined) {
      throw corrupt(this.#name, `${this.#promised.size} of its files are missing, ${missing} first`);
    }
    return this.#manifest;
  }

  async #read(entry: ReadEntry): Promise<void> {
    if (entry.type !== 'File') throw invalid(this.#name, `${entry.path} in it is no plain file`);
    if (this.#manifest === undefined) {
      this.#promise(await this.#readManifest(entry));
      return;
    }
    const promised = this.#promised.get(entry.path);
    if (promised === undefined) throw invalid(this.#name, `${entry.path} in it does not belong there`);
    if (entry.size !== promised.bytes) {
      throw corrupt(this.#name, `${entry.path} has ${entry.size} bytes instead of ${promised.bytes}`);
    }
    this.#promised.delete(entry.path);
    const hash = createHash('sha256');
    const target = await open(path.join(this.#folder, promised.as), 'wx');
    try {
      for await (const chunk of entry) {
        hash.update(chunk);
        await target.write(chunk);
      }
    } finally {
      await target.close();
    }
    if (hash.digest('hex') !== promised.sha256) {
      throw corrupt(this.#name, `${entry.path} is not what it was when the gallery was exported`);
    }
  }

  async #readManifest(entry: ReadEntry): Promise<ArchiveManifest> {
    if (entry.path !== MANIFEST)
      throw invalid(this.#name, `it begins with ${entry.path}, not with ${MANIFEST}`);
    if (entry.size > MAX_MANIFEST_BYTES) throw invalid(this.#name, `its ${MANIFEST} is too large`);
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk);
    const parsed = archiveManifest.safeParse(asJson(Buffer.concat(chunks)));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw invalid(
      this.#name,
      `its ${MANIFEST} is wrong at ${issue!.path.join('.') || 'the top'}: ${issue!.message}`,
    );
  }

  #promise(manifest: ArchiveManifest): void {
    this.#manifest = manifest;
    for (const [place, reference] of manifest.references.entries()) {
      this.#promised.set(picturePath(reference), { ...reference.picture, as: `${place}.jpg` });
    }
    for (const matrix of manifest.embeddings) {
      const { sha256, model } = matrix;
      this.#promised.set(embeddingsPath(matrix), { bytes: embeddingsBytes(matrix), sha256, as: model });
    }
  }
}

async function refuseOthers(file: string, name: string): Promise<void> {
  const magic = Buffer.alloc(5);
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw fromSystemError(error, name) ?? error;
  });
  try {
    await handle.read(magic, 0, magic.length, MAGIC_AT);
  } catch (error) {
    throw new RasrError('FILE_UNREADABLE', `${name} cannot be read.`, 'Name a gallery file.', {
      cause: error,
    });
  } finally {
    await handle.close();
  }
  if (magic.toString('latin1') !== 'ustar')
    throw invalid(name, 'it is something else, or the beginning is missing');
}

function asJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function invalid(name: string, why: string): RasrError {
  return new RasrError(
    'ARCHIVE_INVALID',
    `${name} is no gallery that RASR exported: ${why}.`,
    'Choose a file that "Export" made.',
  );
}

function corrupt(name: string, why: string, cause?: unknown): RasrError {
  return new RasrError(
    'ARCHIVE_CORRUPT',
    `${name} is damaged: ${why}.`,
    'Copy it from its source again, or export the gallery once more. Nothing was imported.',
    { cause },
  );
}
