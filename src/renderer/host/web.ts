import type { ApiError } from '../../api/trpc.ts';
import type { PhotoView } from '../../api/views.ts';
import type { HandedOver, Host } from './host.ts';

/** The local server as host: photos go up as bytes, results come down as downloads. */
export const webHost: Host = {
  async handOver(files) {
    const results: HandedOver[] = [];
    // One after another: a folder of large photos must not be in memory at once.
    for (const file of files) results.push(await upload(file));
    return results;
  },

  pictureUrl({ kind, id }) {
    return `/pictures/${kind}/${id}`;
  },

  async saveResult(jobId) {
    const link = document.createElement('a');
    link.href = webHost.pictureUrl({ kind: 'result-file', id: jobId });
    link.download = '';
    link.click();
    return true;
  },
};

async function upload(file: File): Promise<HandedOver> {
  const { name } = file;
  try {
    const response = await fetch(`/photos?name=${encodeURIComponent(name)}`, { method: 'POST', body: file });
    if (response.ok) return { kind: 'taken', name, photo: (await response.json()) as PhotoView };
    return { kind: 'refused', name, error: (await response.json()) as ApiError };
  } catch {
    const message = `${name} could not be handed over: the RASR server does not answer.`;
    return {
      kind: 'refused',
      name,
      error: { code: 'OFFLINE', message, remedy: 'Start "rasr serve" again.' },
    };
  }
}
