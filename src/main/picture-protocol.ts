import { readFile } from 'node:fs/promises';
import type { TRPCClient } from '@trpc/client';
import { type PictureRequest, pictureRequest } from '../api/pictures.ts';
import type { AppRouter } from '../api/router.ts';

/** The scheme under which the window is shown pictures: `rasr://pictures/<kind>/<id>`. */
export const PICTURE_SCHEME = 'rasr';

/** What an address asks for, or undefined where it is none of ours. */
export function parsePictureUrl(address: string): PictureRequest | undefined {
  const url = URL.parse(address);
  if (url?.protocol !== `${PICTURE_SCHEME}:` || url.host !== 'pictures') return undefined;
  const [kind, id, ...rest] = url.pathname.slice(1).split('/');
  if (rest.length > 0) return undefined;
  return pictureRequest.safeParse({ kind, id }).data;
}

/** Answers a picture's address with its file: only what the engine issued can be read. */
export async function answerPicture(address: string, client: TRPCClient<AppRouter>): Promise<Response> {
  const request = parsePictureUrl(address);
  if (request === undefined) return new Response(null, { status: 404 });
  try {
    const { file, mediaType } = await client.pictureFile.query(request);
    return new Response(await readFile(file), { headers: { 'Content-Type': mediaType } });
  } catch {
    return new Response(null, { status: 404 });
  }
}
