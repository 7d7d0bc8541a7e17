import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Engine } from '../core/engine.ts';
import { RasrError } from '../core/errors.ts';
import { ARCHIVE_EXTENSION, archiveName } from '../core/galleries/archive/manifest.ts';

const galleryId = z.coerce.number().int().positive();

/** Galleries as files: written on request, then downloaded once; and taken in. */
export function galleryFiles(engine: Engine): Hono {
  const routes = new Hono();
  const staged = (id: string) => path.join(engine.library.paths.staging, `${id}${ARCHIVE_EXTENSION}`);

  routes.post('/:galleryId/export', async (context) => {
    const { id: known, name } = engine.galleries.get(galleryId.parse(context.req.param('galleryId')));
    const id = randomUUID();
    await engine.exportGallery(known, staged(id), 'refuse');
    return context.json({ id, name: archiveName(name) });
  });

  routes.get('/exported/:id', async (context) => {
    const id = z.uuid().safeParse(context.req.param('id'));
    if (!id.success) return context.notFound();
    const file = staged(id.data);
    const { size } = await stat(file).catch(() => {
      throw new RasrError('FILE_MISSING', 'This export was downloaded already.', 'Export the gallery again.');
    });
    const bytes = createReadStream(file);
    // Also where the browser breaks off.
    bytes.once('close', () => void rm(file, { force: true }));
    const name = encodeURIComponent(context.req.query('name') ?? path.basename(file));
    context.header('Content-Type', 'application/octet-stream');
    context.header('Content-Length', String(size));
    context.header('Content-Disposition', `attachment; filename*=UTF-8''${name}`);
    return context.body(Readable.toWeb(bytes) as ReadableStream);
  });

  routes.post('/import', async (context) => {
    const name = path.basename(context.req.query('name') ?? '');
    const { body } = context.req.raw;
    if (body === null) {
      throw new RasrError('ARCHIVE_INVALID', `${name} is empty.`, 'Choose a file that "Export" made.');
    }
    const file = staged(randomUUID());
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await pipeline(Readable.fromWeb(body as never), createWriteStream(file));
      return context.json(await engine.importGallery(file, name));
    } finally {
      await rm(file, { force: true });
    }
  });

  return routes;
}
