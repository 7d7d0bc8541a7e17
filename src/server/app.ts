import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { serveStatic } from '@hono/node-server/serve-static';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { pictureFile, pictureRequest } from '../api/pictures.ts';
import { appRouter } from '../api/router.ts';
import { photoView } from '../api/views.ts';
import type { Engine } from '../core/engine.ts';
import { calledBy, RasrError, toRasrError } from '../core/errors.ts';
import { galleryFiles } from './gallery-files.ts';
import { libraryRoutes } from './library-routes.ts';
import { requireSession } from './session.ts';

/** Bytes of one uploaded photo: a 150-megapixel 16-bit TIFF has 900 MB. */
const MAX_UPLOAD_BYTES = 1_000_000_000;

/** Leaves room within the usual 255 for what we append to the name of the result and its record. */
const MAX_NAME_BYTES = 200;

/**
 * The local web host: the renderer's files, the api, photos in and pictures out, on one origin.
 *
 * @param rendererFolder the built renderer
 * @param token what the browser must have been given to be let in
 * @param goOver ends this engine and begins with the library in another folder
 */
export function createApp(
  engine: Engine,
  rendererFolder: string,
  token: string,
  goOver: (library: string) => void,
): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        // Mantine writes its theme as style elements and attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      strictTransportSecurity: false,
      crossOriginEmbedderPolicy: false,
    }),
  );
  app.use(requireSession(token));

  app.all('/api/*', (context) =>
    fetchRequestHandler({
      endpoint: '/api',
      req: context.req.raw,
      router: appRouter,
      createContext: () => ({ engine, trusted: false }),
    }),
  );
  app.route('/library', libraryRoutes(goOver));
  app.post('/photos', limitUpload, (context) => takePhoto(context, engine));
  app.get('/pictures/:kind/:id', (context) => sendPicture(context, engine));
  app.route('/galleries', galleryFiles(engine));
  app.use('*', serveStatic({ root: rendererFolder }));

  app.onError((error, context) => {
    const { code, message, remedy } = toRasrError(error, context.req.path);
    return context.json(
      { code, message, remedy },
      code === 'FILE_MISSING' || code === 'JOB_MISSING' ? 404 : 422,
    );
  });
  return app;
}

const limitUpload = bodyLimit({
  maxSize: MAX_UPLOAD_BYTES,
  onError: () => {
    throw new RasrError('IMAGE_TOO_LARGE', 'This file is too large.', 'Use a photo of less than 1 GB.');
  },
});

/** Stores an uploaded photo in the library and takes note of it. A refused one leaves nothing behind. */
async function takePhoto(context: Context, engine: Engine): Promise<Response> {
  const { photos } = engine.jobs;
  const name = safeName(context.req.query('name') ?? '');
  const { body } = context.req.raw;
  if (body === null) throw new RasrError('NOT_AN_IMAGE', `${name} is empty.`, 'Choose another photo.');
  const id = photos.newId();
  const file = engine.library.paths.photo(id, name);
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await pipeline(Readable.fromWeb(body as never), createWriteStream(file));
    return context.json(photoView(await photos.add(file, id)));
  } catch (error) {
    await rm(path.dirname(file), { recursive: true, force: true });
    throw calledBy(toRasrError(error, name), file, name);
  }
}

async function sendPicture(context: Context, engine: Engine): Promise<Response> {
  const request = pictureRequest.safeParse(context.req.param());
  if (!request.success) return context.notFound();
  const { file, mediaType, name } = await pictureFile(engine, request.data);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw toRasrError(error, name);
  });
  context.header('Content-Type', mediaType);
  context.header('Cache-Control', 'private, max-age=3600');
  if (request.data.kind === 'result-file') {
    context.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  }
  return context.body(new Uint8Array(bytes));
}

/** A file name that cannot leave its folder, whatever the browser sent. */
function safeName(name: string): string {
  const clean = path.basename(name.replaceAll('\\', '/')).replace(/[\p{Cc}:*?"<>|]/gu, '-');
  if (clean === '' || clean === '.' || clean === '..') return 'photo';
  const characters = [...clean];
  while (Buffer.byteLength(characters.join('')) > MAX_NAME_BYTES) characters.shift();
  return characters.join('');
}
