import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { upgradeWebSocket } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { beforeAfter, beforeAfterRequest, TILE_TYPE, tile, tileRequest } from '../api/compare.ts';
import { pictureFile, pictureRequest } from '../api/pictures.ts';
import { appRouter } from '../api/router.ts';
import type { ApiContext } from '../api/trpc.ts';
import { photoView } from '../api/views.ts';
import type { Engine } from '../core/engine.ts';
import { RasrError, toRasrError } from '../core/errors.ts';
import { galleryFiles } from './gallery-files.ts';
import { libraryRoutes } from './library-routes.ts';
import { requireSession } from './session.ts';

/** Where windows listen: a web socket, for browsers keep no more than six other connections to one address. */
const EVENTS = '/api/events';

/** Bytes of one uploaded photo: a 150-megapixel 16-bit TIFF has 900 MB. */
const MAX_UPLOAD_BYTES = 1_000_000_000;

/** Pictures do not change under their address, and belong to whoever has the session. */
const CACHED = 'private, max-age=3600';

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

  // Taken up by the server (`serveEvents`), once the session has let it pass.
  app.get(
    EVENTS,
    upgradeWebSocket(() => ({})),
  );
  app.all('/api/*', (context) =>
    fetchRequestHandler({
      endpoint: '/api',
      req: context.req.raw,
      router: appRouter,
      createContext: () => windowContext(engine),
    }),
  );
  app.route('/library', libraryRoutes(goOver));
  app.post('/photos', limitUpload, (context) => takePhoto(context, engine));
  app.get('/pictures/:kind/:id', (context) => sendPicture(context, engine));
  app.get('/tiles/:kind/:id/:level/:x/:y', (context) => sendTile(context, engine));
  app.post('/before-after', (context) => sendBeforeAfter(context, engine));
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

/** What a window in a browser may do: folders are typed there, and no file is named by its path. */
export function windowContext(engine: Engine): ApiContext {
  return { engine, trusted: false, typedPaths: true };
}

const limitUpload = bodyLimit({
  maxSize: MAX_UPLOAD_BYTES,
  onError: () => {
    throw new RasrError('IMAGE_TOO_LARGE', 'This file is too large.', 'Use a photo of less than 1 GB.');
  },
});

/** Stores an uploaded photo. Its name comes as `name`, the folders it was found in as one `folder` each. */
async function takePhoto(context: Context, engine: Engine): Promise<Response> {
  const name = context.req.query('name') ?? '';
  const { body } = context.req.raw;
  if (body === null) throw new RasrError('NOT_AN_IMAGE', `${name} is empty.`, 'Choose another photo.');
  const folders = context.req.queries('folder') ?? [];
  return context.json(
    photoView(await engine.jobs.photos.addBytes(name, Readable.fromWeb(body as never), folders)),
  );
}

async function sendPicture(context: Context, engine: Engine): Promise<Response> {
  const request = pictureRequest.safeParse(context.req.param());
  if (!request.success) return context.notFound();
  const { file, mediaType, name } = await pictureFile(engine, request.data);
  // As a stream: a result of hundreds of megapixels must not be in memory at once.
  const { size } = await stat(file).catch((error: unknown) => {
    throw toRasrError(error, name);
  });
  context.header('Content-Type', mediaType);
  context.header('Content-Length', String(size));
  context.header('Cache-Control', CACHED);
  if (request.data.kind === 'result-file') context.header('Content-Disposition', attachment(name));
  return context.body(Readable.toWeb(createReadStream(file)) as ReadableStream);
}

async function sendTile(context: Context, engine: Engine): Promise<Response> {
  const request = tileRequest.safeParse({ ...context.req.param(), ...context.req.query() });
  if (!request.success) return context.notFound();
  const bytes = await tile(engine, request.data);
  context.header('Content-Type', TILE_TYPE);
  context.header('Cache-Control', CACHED);
  return context.body(new Uint8Array(bytes));
}

async function sendBeforeAfter(context: Context, engine: Engine): Promise<Response> {
  const request = beforeAfterRequest.safeParse(await context.req.json().catch(() => null));
  if (!request.success) return context.notFound();
  const { bytes, name } = await beforeAfter(engine, request.data);
  context.header('Content-Type', 'image/jpeg');
  context.header('Content-Disposition', attachment(name));
  return context.body(new Uint8Array(bytes));
}

function attachment(name: string): string {
  return `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
}
