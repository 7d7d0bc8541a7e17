import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { type PictureRequest, pictureFile } from '../../../src/api/pictures.ts';
import { answer, parsePictureUrl, parseTileUrl } from '../../../src/main/app-protocol.ts';
import { temporaryEngine } from '../../support/engine.ts';
import { writePicture } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const ID = '00000000-0000-4000-8000-000000000000';
const HASH = 'a'.repeat(64);

describe('parsePictureUrl', () => {
  it.each([
    [`rasr://app/pictures/photo/${ID}`, { kind: 'photo', id: ID }],
    [`rasr://app/pictures/result-file/${ID}`, { kind: 'result-file', id: ID }],
    [`rasr://app/pictures/reference/${HASH}`, { kind: 'reference', id: HASH }],
    [`rasr://app/pictures/photo-thumbnail/${ID}?v=2`, { kind: 'photo-thumbnail', id: ID }],
  ])('reads %s', (address, wanted) => {
    expect(parsePictureUrl(address)).toEqual(wanted);
  });

  it.each([
    '',
    'photo',
    `http://app/pictures/photo/${ID}`,
    `file:///pictures/photo/${ID}`,
    `rasr://pictures/photo/${ID}`,
    `rasr://elsewhere/pictures/photo/${ID}`,
    `rasr://app:80/pictures/photo/${ID}`,
    `rasr://app/pictures/photo/${ID}/more`,
    `rasr://app/pictures/secret/${ID}`,
    'rasr://app/pictures/photo/',
    'rasr://app/pictures/photo',
    'rasr://app/pictures/photo/..%2f..%2fetc%2fpasswd',
    'rasr://app/pictures/../../etc/passwd',
    `rasr://app/pictures/photo/${ID}%00`,
    `rasr://app/pictures/reference/${HASH.toUpperCase()}`,
  ])('knows nothing of %j', (address) => {
    expect(parsePictureUrl(address)).toBeUndefined();
  });
});

/** A client as far as `answer` asks: of the real engine, or of none. */
const clientOf = (query: (request: PictureRequest) => Promise<unknown>) =>
  ({ pictureFile: { query } }) as never;
const noEngine = clientOf(() => Promise.reject(new TRPCClientError('the engine does not answer')));

describe('answer', () => {
  it('gives the renderer with its security policy, and no file outside of it', async () => {
    const folder = await temporaryFolder();
    const renderer = path.join(folder, 'renderer');
    await mkdir(renderer);
    await writeFile(path.join(renderer, 'index.html'), '<title>RASR</title>');
    await writeFile(path.join(renderer, 'index.js.map'), 'of no use to the page');
    await writeFile(path.join(folder, 'secret.html'), 'secret');

    const page = await answer('rasr://app/index.html', renderer, noEngine);
    expect(await page.text()).toBe('<title>RASR</title>');
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff');
    for (const address of [
      'rasr://app/../secret.html',
      'rasr://app/..%2Fsecret.html',
      'rasr://app/..%5Csecret.html',
      `rasr://app/${encodeURIComponent(path.join(folder, 'secret.html'))}`,
      'rasr://app/index.js.map',
      'rasr://app/missing.js',
      'rasr://app/%E0%A4%A.html',
      'rasr://app/',
      'rasr://other/index.html',
      'file:///etc/passwd',
      'nonsense',
    ]) {
      expect((await answer(address, renderer, noEngine)).status, address).toBe(404);
    }
  });

  it('allows the page nothing but itself', async () => {
    const renderer = await temporaryFolder();
    await writeFile(path.join(renderer, 'index.html'), '');
    const page = await answer('rasr://app/index.html', renderer, noEngine);
    const policy = new Map(
      page.headers
        .get('Content-Security-Policy')!
        .split('; ')
        .map((directive) => {
          const [name, ...sources] = directive.split(' ');
          return [name!, sources];
        }),
    );
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    for (const name of ['object-src', 'base-uri', 'form-action', 'frame-ancestors']) {
      expect(policy.get(name), name).toEqual(["'none'"]);
    }
    expect([...policy.values()].flat().filter((source) => /https?:|\*|unsafe-eval/.test(source))).toEqual([]);
    expect(
      [...policy].filter(([, sources]) => sources.includes("'unsafe-inline'")).map(([name]) => name),
    ).toEqual(['style-src']);
  });

  it("gives the engine's pictures whole, by kind and id alone", async () => {
    const engine = await temporaryEngine();
    const folder = await temporaryFolder();
    const photo = await engine.jobs.photos.add(await writePicture(path.join(folder, 'a.png'), 60, 40));
    const client = clientOf((request) => pictureFile(engine, request));
    const shown = await answer(`rasr://app/pictures/photo-thumbnail/${photo.id}`, folder, client);
    const { file } = await pictureFile(engine, { kind: 'photo-thumbnail', id: photo.id });
    expect(shown.headers.get('Content-Type')).toBe('image/webp');
    expect(shown.headers.get('Content-Security-Policy')).toContain('sandbox');
    const { size } = await stat(file);
    expect(shown.headers.get('Content-Length')).toBe(String(size));
    expect((await shown.arrayBuffer()).byteLength).toBe(size);

    for (const address of [
      `rasr://app/pictures/photo/${ID}`,
      `rasr://app/pictures/result-file/${photo.id}`,
      `rasr://app/pictures/reference/${HASH}`,
      'rasr://app/pictures/photo/a.png',
    ]) {
      expect((await answer(address, folder, client)).status, address).toBe(404);
    }
  });
});

describe('parseTileUrl', () => {
  it.each([
    [`rasr://app/tiles/photo/${ID}/3/0/12`, { kind: 'photo', id: ID, level: 3, x: 0, y: 12 }],
    [`rasr://app/tiles/difference/${ID}/0/1/2`, { kind: 'difference', id: ID, level: 0, x: 1, y: 2 }],
    [
      `rasr://app/tiles/difference/${ID}/0/1/2?against=${ID}`,
      { kind: 'difference', id: ID, level: 0, x: 1, y: 2, against: ID },
    ],
  ])('reads %s', (address, wanted) => {
    expect(parseTileUrl(address)).toEqual(wanted);
  });

  it.each([
    `rasr://app/pictures/photo/${ID}/0/0/0`,
    `http://app/tiles/photo/${ID}/0/0/0`,
    `rasr://tiles/photo/${ID}/0/0/0`,
    `rasr://app/tiles/photo/${ID}/0/0`,
    `rasr://app/tiles/photo/${ID}/0/0/0/0`,
    `rasr://app/tiles/photo/${ID}/-1/0/0`,
    `rasr://app/tiles/photo/${ID}/0.5/0/0`,
    `rasr://app/tiles/photo/${ID}/99/0/0`,
    `rasr://app/tiles/photo/${ID}/0/0/x`,
    `rasr://app/tiles/difference/${ID}/0/0/0?against=../../etc/passwd`,
    'rasr://app/tiles/photo/..%2f..%2fetc%2fpasswd/0/0/0',
    '',
  ])('knows nothing of %j', (address) => {
    expect(parseTileUrl(address)).toBeUndefined();
  });
});
