import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { TRPCClient } from '@trpc/client';
import { TILE_TYPE, type TileRequest, tileRequest } from '../api/compare.ts';
import { type PictureRequest, pictureRequest } from '../api/pictures.ts';
import type { AppRouter } from '../api/router.ts';

/**
 * The app's own scheme: `rasr://app/…` is the renderer, `rasr://app/pictures/…` and `rasr://app/tiles/…` what the engine issued. Both
 * are one origin, as in the local server, so that the page may read a picture's pixels.
 */
export const SCHEME = 'rasr';
const ORIGIN = `${SCHEME}://app`;
export const START_PAGE = `${ORIGIN}/index.html`;

/**
 * Nothing that is not named here, from nowhere but the app itself, and no inline script. Mantine writes its theme
 * as style elements.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A picture is only ever shown: opened as a page it could do nothing. */
const PICTURE_POLICY = "default-src 'none'; sandbox";

const RENDERER_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Answers every address of our scheme: the renderer's files and the engine's pictures, and nothing else. */
export async function answer(
  address: string,
  rendererFolder: string,
  client: TRPCClient<AppRouter>,
): Promise<Response> {
  const url = URL.parse(address);
  if (url === null || `${url.protocol}//${url.host}` !== ORIGIN) return nothing();
  try {
    const wanted = parseTileUrl(address);
    if (wanted !== undefined) return await tile(wanted, client);
    if (!url.pathname.startsWith('/pictures/')) return await rendererFile(url.pathname, rendererFolder);
    const request = parsePictureUrl(address);
    if (request === undefined) return nothing();
    const { file, mediaType } = await client.pictureFile.query(request);
    return await stream(file, mediaType, PICTURE_POLICY);
  } catch {
    // A file that is gone and an id that is unknown look the same to the page.
    return nothing();
  }
}

async function rendererFile(pathname: string, folder: string): Promise<Response> {
  // Normalised from its root on, which nothing leads above.
  const file = path.join(folder, path.normalize(decodeURIComponent(pathname)));
  const type = RENDERER_TYPES[path.extname(file)];
  if (type === undefined) return nothing();
  return stream(file, type, CONTENT_SECURITY_POLICY);
}

/** A result of 200 megapixels is not held in memory to be shown. */
async function stream(file: string, type: string, policy: string): Promise<Response> {
  const handle = await open(file);
  const { size } = await handle.stat();
  return new Response(bytesOf(handle), {
    headers: {
      'Content-Type': type,
      'Content-Length': String(size),
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

function bytesOf(handle: FileHandle): ReadableStream<Uint8Array> {
  return Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array>;
}

function nothing(): Response {
  return new Response(null, { status: 404 });
}

/** Which picture an address asks for, or undefined where it asks for none. */
export function parsePictureUrl(address: string): PictureRequest | undefined {
  const url = URL.parse(address);
  if (url === null || `${url.protocol}//${url.host}` !== ORIGIN) return undefined;
  const [folder, kind, id, ...rest] = url.pathname.slice(1).split('/');
  if (folder !== 'pictures' || rest.length > 0) return undefined;
  return pictureRequest.safeParse({ kind, id }).data;
}

async function tile(request: TileRequest, client: TRPCClient<AppRouter>): Promise<Response> {
  const bytes = await client.compare.tile.query(request);
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': TILE_TYPE,
      'Content-Security-Policy': PICTURE_POLICY,
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

/** Which tile an address asks for, or undefined where it asks for none. */
export function parseTileUrl(address: string): TileRequest | undefined {
  const url = URL.parse(address);
  if (url === null || `${url.protocol}//${url.host}` !== ORIGIN) return undefined;
  const [folder, kind, id, level, x, y, ...rest] = url.pathname.slice(1).split('/');
  if (folder !== 'tiles' || rest.length > 0) return undefined;
  return tileRequest.safeParse({ kind, id, level, x, y, ...Object.fromEntries(url.searchParams) }).data;
}
