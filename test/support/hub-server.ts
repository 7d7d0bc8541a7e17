import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How the server treats requests for a file's bytes. */
export interface HubBehaviour {
  /** Ends the connection after so many bytes of each answer; null sends all. */
  dropAfter: number | null;
  /** Pause before each piece of 16 kB, in ms. */
  pauseMs: number;
  /** Sends the whole file whatever is asked for. */
  ignoresRange: boolean;
  /** Answers with this status instead. */
  status: number | null;
  /** Flips a bit of each byte after so many. */
  wrongFrom: number | null;
}

const HONEST: HubBehaviour = {
  dropAfter: null,
  pauseMs: 0,
  ignoresRange: false,
  status: null,
  wrongFrom: null,
};

const PIECE = 16_384;

/**
 * A local server that speaks what RASR uses of the Hugging Face hub's protocol: `paths-info` with sizes and
 * Git LFS object ids, file information for Xet clients, and the bytes behind a redirect, with ranges.
 */
export interface HubServer {
  readonly url: string;
  /** Change it to make the server misbehave, also while it is answering. */
  readonly behaviour: HubBehaviour;
  /** What was asked for bytes of a file: the first byte of each request. */
  readonly starts: number[];
  /** Bytes of files that have left in all. */
  sent(): number;
  /** Gives a file another content. */
  put(path: string, content: Buffer): void;
  /** What the listing claims of a file's size and hash, instead of the truth. */
  claim: Partial<{ size: number; oid: string }>;
  close(): Promise<void>;
}

/** @param files content by `repository/path` */
export async function startHub(files: Readonly<Record<string, Buffer>>): Promise<HubServer> {
  const contents = new Map(Object.entries(files));
  const behaviour = { ...HONEST };
  const starts: number[] = [];
  let left = 0;
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const hub: HubServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour,
    starts,
    sent: () => left,
    claim: {},
    put: (path, content) => void contents.set(path, content),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, hub.url);
    const listing = /^\/api\/models\/([^/]+\/[^/]+)\/paths-info\/[^/]+$/.exec(pathname);
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(pathname);
    if (listing !== null && request.method === 'POST') return list(request, response, listing[1]!);
    if (resolve !== null) return locate(request, response, `${resolve[1]}/${resolve[2]}`);
    if (pathname.startsWith('/bytes/')) return send(request, response, pathname.slice('/bytes/'.length));
    response.writeHead(404).end();
  }

  async function list(request: IncomingMessage, response: ServerResponse, repository: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { paths } = JSON.parse(Buffer.concat(chunks).toString()) as { paths: string[] };
    const found = paths.flatMap((path) => {
      const content = contents.get(`${repository}/${path}`);
      if (content === undefined) return [];
      const lfs = { oid: sha256(content), size: content.length, pointerSize: 134, ...hub.claim };
      return [{ type: 'file', path, oid: '0'.repeat(40), size: lfs.size, lfs, xetHash: sha256(content) }];
    });
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(found));
  }

  function locate(request: IncomingMessage, response: ServerResponse, name: string): void {
    const content = contents.get(name);
    if (content === undefined) {
      response.writeHead(404, { 'X-Error-Code': 'EntryNotFound' }).end();
    } else if (request.headers.accept?.includes('xet-fileinfo')) {
      response
        .writeHead(200, {
          'Content-Type': 'application/vnd.xet-fileinfo+json',
          'X-Linked-Size': content.length,
          'X-Linked-ETag': `"${sha256(content)}"`,
          'X-Xet-Hash': sha256(content),
          Link: `<${hub.url}/xet/auth>; rel="xet-auth", <${hub.url}/xet/info>; rel="xet-reconstruction-info"`,
        })
        .end('{}');
    } else {
      response.writeHead(302, { Location: `/bytes/${name}` }).end();
    }
  }

  async function send(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const { status, ignoresRange, dropAfter, wrongFrom } = behaviour;
    const content = contents.get(name);
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    starts.push(range === null ? 0 : Number(range[1]));
    if (content === undefined || status !== null) {
      response.writeHead(status ?? 404).end();
      return;
    }
    const start = range === null || ignoresRange ? 0 : Number(range[1]);
    response.writeHead(range === null || ignoresRange ? 200 : 206, {
      'Content-Length': content.length - start,
      ...(range !== null && !ignoresRange
        ? { 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` }
        : {}),
    });
    const sent = wrongFrom === null ? content : damaged(content, wrongFrom);
    const end = dropAfter === null ? content.length : Math.min(content.length, start + dropAfter);
    for (let at = start; at < end && !response.destroyed; at += PIECE) {
      await pause(behaviour.pauseMs);
      // Waits until the piece has left: it is not to be lost where the connection is cut.
      const piece = sent.subarray(at, Math.min(end, at + PIECE));
      await new Promise((written) => response.write(piece, written));
      left += piece.length;
    }
    if (dropAfter === null) response.end();
    else response.destroy();
  }

  return hub;
}

function damaged(content: Buffer, from: number): Buffer {
  const copy = Buffer.from(content);
  for (let at = from; at < copy.length; at++) copy[at]! ^= 1;
  return copy;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
