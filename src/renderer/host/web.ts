import type { ApiError } from '../../api/trpc.ts';
import type { PhotoView } from '../../api/views.ts';
import { i18n } from '../i18n/i18n.ts';
import { type GalleryFileResult, type HandedOver, type Host, type Reach, tilePath } from './host.ts';

/** The local server as host: photos go up as bytes, results come down as downloads. */
export const webHost: Host = {
  async handOver(files, folders = []) {
    const results: HandedOver[] = [];
    // One after another: a folder of large photos must not be in memory at once.
    for (const [i, file] of files.entries()) results.push(await upload(file, folders[i] ?? []));
    return results;
  },

  chooseFolder: null,

  async reach(): Promise<Reach> {
    const response = await fetch('/api/about').catch(() => null);
    if (response === null) return 'silent';
    return response.status === 401 ? 'unknown' : 'known';
  },

  pictureUrl({ kind, id }) {
    return `/pictures/${kind}/${id}`;
  },

  library: { show: null, asksItself: false, open: openLibrary },
  tileUrl: (request) => `/tiles/${tilePath(request)}`,

  async saveBeforeAfter(request) {
    const response = await fetch('/before-after', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    }).catch(() => {
      throw { code: 'OFFLINE', ...offline() } satisfies ApiError;
    });
    if (!response.ok) throw (await response.json()) as ApiError;
    const url = URL.createObjectURL(await response.blob());
    download(url, nameOf(response));
    // The browser has begun to read it by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    return true;
  },

  async saveResult(jobId) {
    download(webHost.pictureUrl({ kind: 'result-file', id: jobId }), '');
    return true;
  },

  dragOut({ dataTransfer }, jobId, name) {
    if (dataTransfer === null) return;
    const url = new URL(webHost.pictureUrl({ kind: 'result-file', id: jobId }), window.location.href);
    dataTransfer.effectAllowed = 'copy';
    // Chromium's way: the file is fetched where it is let go.
    dataTransfer.setData('DownloadURL', `application/octet-stream:${name}:${url}`);
  },

  desktop: null,

  async exportGallery(galleryId) {
    // Written first, so that a refusal is told here and not by the browser's downloads.
    const result = await post(`/galleries/${galleryId}/export`, null);
    if ('error' in result) return { kind: 'refused', error: result.error };
    const { id, name } = result.body as { id: string; name: string };
    const link = document.createElement('a');
    link.href = `/galleries/exported/${id}?name=${encodeURIComponent(name)}`;
    link.download = '';
    link.click();
    return { kind: 'done', name };
  },

  async importGallery(file): Promise<GalleryFileResult> {
    const result = await post(`/galleries/import?name=${encodeURIComponent(file.name)}`, file);
    if ('error' in result) return { kind: 'refused', error: result.error };
    return { kind: 'done', name: (result.body as { name: string }).name };
  },
};

/** How often the server is asked whether it has gone over. */
const POLL_MS = 300;
/** How long it may take: a photo at work is put back first. */
const PATIENCE_MS = 60_000;

async function openLibrary(folder: string): Promise<void> {
  const body = JSON.stringify({ folder });
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch('/library', { method: 'POST', body, headers }).catch(() => null);
  if (response === null) throw { code: 'OFFLINE', ...offline() } satisfies ApiError;
  if (!response.ok) throw (await response.json()) as ApiError;
  const { engine } = (await response.json()) as { engine: string };
  // The engine's process ends with the one library and begins with the other.
  const deadline = Date.now() + PATIENCE_MS;
  for (let now: string | null = engine; now === null || now === engine; now = await currentEngine()) {
    if (Date.now() > deadline) throw { code: 'OFFLINE', ...offline() } satisfies ApiError;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  window.location.reload();
}

/** Which engine answers; null while none does. */
async function currentEngine(): Promise<string | null> {
  const answer = await fetch('/library').catch(() => null);
  return answer?.ok === true ? ((await answer.json()) as { engine: string }).engine : null;
}

function offline(): Pick<ApiError, 'message' | 'remedy'> {
  return { message: i18n.t('host:offline.message'), remedy: i18n.t('host:offline.startAgain') };
}

async function post(
  address: string,
  body: File | null,
): Promise<{ readonly body: unknown } | { readonly error: ApiError }> {
  try {
    const response = await fetch(address, { method: 'POST', body });
    return response.ok ? { body: await response.json() } : { error: (await response.json()) as ApiError };
  } catch {
    return { error: { code: 'OFFLINE', ...offline() } };
  }
}

/** @param name what to call the file; empty for what the server calls it */
function download(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

function nameOf(response: Response): string {
  const [, name = ''] = response.headers.get('Content-Disposition')?.split("''") ?? [];
  return decodeURIComponent(name);
}

async function upload(file: File, folders: readonly string[]): Promise<HandedOver> {
  const { name } = file;
  try {
    const query = new URLSearchParams([['name', name], ...folders.map((folder) => ['folder', folder])]);
    const response = await fetch(`/photos?${query}`, { method: 'POST', body: file });
    if (response.ok) return { kind: 'taken', name, photo: (await response.json()) as PhotoView };
    return { kind: 'refused', name, error: (await response.json()) as ApiError };
  } catch {
    const message = i18n.t('host:offline.notHandedOver', { name });
    return {
      kind: 'refused',
      name,
      error: { code: 'OFFLINE', message, remedy: i18n.t('host:offline.startAgain') },
    };
  }
}
