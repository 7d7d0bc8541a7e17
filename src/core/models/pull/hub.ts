import type { CatalogueEntry } from '../catalogue.ts';
import { asFinal, refused, unreachable } from './failure.ts';

/** A file on the hub: where its bytes are, and what they must be. */
export interface HubFile {
  /** `repository/path`, for people. */
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  /** The hub's Git LFS object id: SHA-256, 64 hex digits. */
  readonly sha256: string;
}

const SHA256 = /^[0-9a-f]{64}$/;

/** How long the hub may take to describe a file. */
const ANSWER_MS = 30_000;

/** The hub: Hugging Face's, or the mirror that HF_ENDPOINT names, as for all of their tools. */
function hubUrl(fallback: string): string {
  return (process.env.HF_ENDPOINT || fallback).replace(/\/+$/, '');
}

/**
 * Asks the hub about a file, with its own library.
 *
 * @throws RasrError `DOWNLOAD_FAILED`
 */
export async function askHub(source: CatalogueEntry['source'], signal: AbortSignal): Promise<HubFile> {
  // Loaded on first use: nothing else needs it.
  const { fileDownloadInfo, HUB_URL, HubApiError, pathsInfo } = await import('@huggingface/hub');
  const { repository, revision, path } = source;
  const name = `${repository}/${path}`;
  const hub = hubUrl(HUB_URL);
  const asking = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const where = {
    repo: repository,
    revision,
    hubUrl: hub,
    fetch: ((input, init) => fetch(input, { ...init, signal: asking })) satisfies typeof fetch,
  };
  try {
    const [info] = await pathsInfo({ ...where, paths: [path] });
    if (info?.lfs === undefined) throw refused(404, name);
    // It will be part of a folder's name.
    if (!SHA256.test(info.lfs.oid)) throw new Error('no SHA-256 in its answer');
    const download = await fileDownloadInfo({ ...where, path });
    if (download === null) throw refused(404, name);
    return { name, url: download.url, bytes: info.lfs.size, sha256: info.lfs.oid };
  } catch (error) {
    throw (
      asFinal(error instanceof HubApiError ? refused(error.statusCode, name) : error, name) ??
      unreachable(new URL(hub).host, error)
    );
  }
}
