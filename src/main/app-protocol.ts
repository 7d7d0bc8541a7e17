import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TRPCClient } from '@trpc/client';
import { type PictureRequest, pictureRequest } from '../api/pictures.ts';
import type { AppRouter } from '../api/router.ts';

/** The app's own scheme: `rasr://app/…` is the renderer, `rasr://pictures/<kind>/<id>` what the engine issued. */
export const SCHEME = 'rasr';
export const START_PAGE = `${SCHEME}://app/index.html`;

/** Nothing from elsewhere, no inline script. Mantine writes its theme as style elements and attributes. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  `img-src 'self' data: blob: ${SCHEME}:`,
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

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
  try {
    if (url?.protocol === `${SCHEME}:` && url.host === 'app')
      return await rendererFile(url.pathname, rendererFolder);
    const request = parsePictureUrl(address);
    if (request !== undefined) return await picture(request, client);
  } catch {
    // A file that is gone and an id that is unknown look the same to the page.
  }
  return new Response(null, { status: 404 });
}

async function rendererFile(pathname: string, folder: string): Promise<Response> {
  const file = path.join(folder, path.normalize(decodeURIComponent(pathname)));
  const type = RENDERER_TYPES[path.extname(file)];
  const outside = path.relative(folder, file).startsWith('..');
  if (type === undefined || outside) return new Response(null, { status: 404 });
  return new Response(await readFile(file), {
    headers: { 'Content-Type': type, 'Content-Security-Policy': CONTENT_SECURITY_POLICY },
  });
}

async function picture(request: PictureRequest, client: TRPCClient<AppRouter>): Promise<Response> {
  const { file, mediaType } = await client.pictureFile.query(request);
  return new Response(await readFile(file), { headers: { 'Content-Type': mediaType } });
}

/** Which picture an address asks for, or undefined where it asks for none. */
export function parsePictureUrl(address: string): PictureRequest | undefined {
  const url = URL.parse(address);
  if (url?.protocol !== `${SCHEME}:` || url.host !== 'pictures') return undefined;
  const [kind, id, ...rest] = url.pathname.slice(1).split('/');
  return rest.length > 0 ? undefined : pictureRequest.safeParse({ kind, id }).data;
}
