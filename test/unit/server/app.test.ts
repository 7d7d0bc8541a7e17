import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Hono } from 'hono';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PhotoView } from '../../../src/api/views.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { createApp } from '../../../src/server/app.ts';
import { temporaryEngine } from '../../support/engine.ts';
import { headerBomb } from '../../support/header-bomb.ts';
import { cloth, picture, writePicture } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const TOKEN = 'a-long-random-token';
const ORIGIN = 'http://127.0.0.1:4321';
const COOKIE = `rasr_4321=${TOKEN}`;
const NO_ID = '00000000-0000-4000-8000-000000000000';

let engine: Engine;
let app: Hono;
/** Folders of libraries that were to be gone over to. */
let wanted: string[];
beforeEach(async () => {
  engine = await temporaryEngine();
  const renderer = await temporaryFolder();
  await writeFile(path.join(renderer, 'index.html'), '<title>RASR</title>');
  await writeFile(path.join(path.dirname(renderer), 'secret.txt'), 'secret');
  wanted = [];
  app = createApp(engine, renderer, TOKEN, (folder) => wanted.push(folder));
});

const request = (address: string, init: RequestInit = {}) =>
  app.request(`${ORIGIN}${address}`, { ...init, headers: { Cookie: COOKIE, ...init.headers } });
const upload = (name: string, body: Uint8Array | null) =>
  request(`/photos?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: body as Uint8Array<ArrayBuffer> | null,
  });
const smallPhoto = async () => new Uint8Array(await picture(40, 30).png().toBuffer());

async function uploaded(name: string): Promise<PhotoView> {
  const response = await upload(name, await smallPhoto());
  expect(response.status).toBe(200);
  return (await response.json()) as PhotoView;
}

describe('who is let in', () => {
  it.each(['/', '/api/about', '/photos', `/pictures/photo/${NO_ID}`, '/index.html'])(
    'nobody without the token: %s',
    async (address) => {
      for (const headers of [{}, { Cookie: 'rasr_4321=wrong' }, { Cookie: `rasr_9999=${TOKEN}` }]) {
        const response = await app.request(`${ORIGIN}${address}`, { headers });
        expect(response.status).toBe(401);
        expect(await response.text()).not.toContain('<title>');
      }
    },
  );

  it('the browser that was given the token, which it trades for a cookie scripts cannot read', async () => {
    const first = await app.request(`${ORIGIN}/?token=${TOKEN}`);
    expect(first.status).toBe(302);
    expect(first.headers.get('location')).toBe('/');
    const cookie = first.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^rasr_4321=/);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const second = await app.request(`${ORIGIN}/`, { headers: { Cookie: cookie.split(';')[0]! } });
    expect(second.status).toBe(200);
    expect(await second.text()).toContain('<title>RASR</title>');
  });

  it.each(['', 'wrong', `${TOKEN}x`, TOKEN.slice(1)])('no wrong token: %j', async (token) => {
    const response = await app.request(`${ORIGIN}/?token=${token}`);
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('no token anywhere but at the door', async () => {
    expect((await app.request(`${ORIGIN}/api/about?token=${TOKEN}`)).status).toBe(401);
  });

  it.each(['http://evil.example', 'http://127.0.0.1.evil.example:4321', 'http://192.168.0.2:4321'])(
    'nobody who calls it %s',
    async (host) => {
      const response = await app.request(`${host}/`, { headers: { Cookie: COOKIE } });
      expect(response.status).toBe(403);
    },
  );

  it.each(['http://evil.example', 'http://127.0.0.1:9999', 'https://127.0.0.1:4321', 'null'])(
    'no page of the origin %s',
    async (origin) => {
      for (const init of [{ method: 'POST' }, { method: 'GET' }]) {
        expect((await request('/api/about', { ...init, headers: { Origin: origin } })).status).toBe(403);
      }
    },
  );

  it('its own page', async () => {
    expect((await request('/api/about', { headers: { Origin: ORIGIN } })).status).toBe(200);
    expect((await app.request('http://localhost:4321/', { headers: { Cookie: COOKIE } })).status).toBe(200);
  });
});

describe('every answer', () => {
  it('carries a content security policy, also where nobody is let in', async () => {
    for (const response of [await request('/'), await app.request(`${ORIGIN}/`), await request('/none')]) {
      const policy = response.headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe|default-src[^;]*unsafe/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('stays within the renderer’s folder', async () => {
    for (const address of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/..%5csecret.txt']) {
      const response = await request(address);
      expect(await response.text()).not.toContain('secret');
      expect(response.status).toBe(404);
    }
  });
});

describe('the api', () => {
  it('answers', async () => {
    const response = await request('/api/about');
    expect(await response.json()).toMatchObject({ result: { data: { tool: 'RASR test' } } });
  });

  it('lets no page name files by path', async () => {
    const added = await request('/api/photos.add', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ path: '/etc/hostname' }),
    });
    expect(added.status).toBe(403);
    const input = encodeURIComponent(JSON.stringify({ kind: 'reference', id: 'a'.repeat(64) }));
    expect((await request(`/api/pictureFile?input=${input}`)).status).toBe(403);
  });
});

describe('uploading a photo', () => {
  it('takes it, by its own name, and shows it', async () => {
    const photo = await uploaded('тигр 100% 🐅.png');
    expect(photo).toEqual({ id: expect.any(String), name: 'тигр 100% 🐅.png', width: 40, height: 30 });
    for (const kind of ['photo', 'photo-thumbnail']) {
      const response = await request(`/pictures/${kind}/${photo.id}`);
      expect(response.headers.get('content-type')).toBe('image/webp');
      const { width, height } = await sharp(await response.arrayBuffer()).metadata();
      expect([width, height]).toEqual([40, 30]);
    }
  });

  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/etc/cron.d/x.png', 'x.png'],
    ['C:\\temp\\a.png', 'a.png'],
    ['..', 'photo'],
    ['.', 'photo'],
    ['', 'photo'],
    ['a\0b\nc.png', 'a-b-c.png'],
    ['%2e%2e%2fb.png', '%2e%2e%2fb.png'],
  ])('by the name %j lands in the photo’s own folder', async (name, kept) => {
    const photo = await uploaded(name);
    expect(photo.name).toBe(kept);
    expect(await readdir(path.join(engine.library.paths.root, 'photos', photo.id))).toEqual([kept]);
  });

  it('by a name longer than a disk allows keeps its end', async () => {
    const photo = await uploaded(`${'ж'.repeat(250)}-🐅.png`);
    expect(photo.name).toMatch(/^ж+-🐅\.png$/);
    expect(Buffer.byteLength(photo.name)).toBeLessThanOrEqual(200);
  });

  it.each<[string, () => Promise<Uint8Array> | Uint8Array, string]>([
    ['an empty file', () => new Uint8Array(), 'NOT_AN_IMAGE'],
    ['a text', () => new TextEncoder().encode('Dear museum'), 'NOT_AN_IMAGE'],
    ['a bomb', () => headerBomb(40_000, 40_000), 'IMAGE_TOO_LARGE'],
    ['a GIF', async () => picture(9, 9).gif().toBuffer(), 'IMAGE_UNSUPPORTED'],
  ])('refuses %s by its name, without our paths, and leaves nothing', async (_what, make, code) => {
    const response = await upload('my photo.jpg', await make());
    expect(response.status).toBe(422);
    const refusal = (await response.json()) as Record<string, string>;
    expect(refusal).toMatchObject({ code, message: expect.stringContaining('my photo.jpg') });
    expect(refusal.remedy).not.toBe('');
    expect(JSON.stringify(refusal)).not.toContain(engine.library.paths.root);
    const photos = path.join(engine.library.paths.root, 'photos');
    expect(existsSync(photos) ? await readdir(photos) : []).toEqual([]);
  });

  it('refuses no body at all, and one that says it is larger than a photo can be', async () => {
    expect((await upload('a.png', null)).status).toBe(422);
    const response = await request('/photos?name=a.png', {
      method: 'POST',
      body: 'x',
      headers: { 'Content-Length': String(2e9) },
    });
    expect(await response.json()).toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });
});

describe('pictures', () => {
  it('that nobody issued are not there', async () => {
    for (const address of [
      `photo/${NO_ID}`,
      `result/${NO_ID}`,
      `result-file/${NO_ID}`,
      `reference/${'a'.repeat(64)}`,
      `reference-thumbnail/${'a'.repeat(64)}`,
      'photo/..%2f..%2fetc%2fpasswd',
      `photo/${'a'.repeat(35)}`,
      `secret/${NO_ID}`,
    ]) {
      const response = await request(`/pictures/${address}`);
      expect(response.status, address).toBe(404);
      expect(await response.text()).not.toContain(engine.library.paths.root);
    }
  });

  it('of references are shown in both sizes', async () => {
    const file = await writePicture(path.join(engine.library.paths.root, 'in', 'tiger', 'a.png'), 600, 300);
    for await (const outcome of engine.importReferences([{ file, gallery: 'tiger' }])) {
      expect(outcome.kind).toBe('added');
    }
    const { sha256 } = engine.galleries.references(1)[0]!;
    for (const [kind, format, width] of [
      ['reference', 'jpeg', 600],
      ['reference-thumbnail', 'jpeg', 384],
    ] as const) {
      const response = await request(`/pictures/${kind}/${sha256}`);
      const metadata = await sharp(await response.arrayBuffer()).metadata();
      expect([metadata.format, metadata.width]).toEqual([format, width]);
      expect(response.headers.get('content-type')).toBe(`image/${format}`);
    }
  });

  it('of references are made again where a thumbnail is lost', async () => {
    const file = await writePicture(path.join(engine.library.paths.root, 'in', 'lynx', 'b.png'), 500, 400);
    for await (const _ of engine.importReferences([{ file, gallery: 'lynx' }]));
    const { sha256 } = engine.galleries.references(engine.galleries.byName('lynx').id)[0]!;
    await request(`/pictures/reference-thumbnail/${sha256}`);
    await rm(engine.library.paths.thumbnail(sha256));
    const response = await request(`/pictures/reference-thumbnail/${sha256}`);
    const { width, height } = await sharp(await response.arrayBuffer()).metadata();
    expect([width, height]).toEqual([384, 307]);
  });

  it('of a result are shown once it is there, and saved under the name of the photo', async () => {
    const photo = await uploaded('тигр 🐅.png');
    const [job] = engine.jobs.start([photo.id], { gallery: 'none', scale: 2, format: 'keep' });
    const early = await request(`/pictures/result/${job!.id}`);
    expect(early.status).toBe(422);
    expect(await early.json()).toMatchObject({ code: 'JOB_NOT_READY' });
    await new Promise<void>((resolve) => {
      engine.jobs.events.on('change', (change) => {
        if (change.kind === 'job' && change.job.state === 'done') resolve();
      });
    });
    const shown = await request(`/pictures/result/${job!.id}`);
    expect((await sharp(await shown.arrayBuffer()).metadata()).width).toBe(80);
    const saved = await request(`/pictures/result-file/${job!.id}`);
    expect(saved.headers.get('content-type')).toBe('image/png');
    const disposition = saved.headers.get('content-disposition')!;
    expect(decodeURIComponent(disposition.split("''")[1]!)).toBe('тигр 🐅-restored.png');
  });
});

describe('a result that is looked at closely', () => {
  /** A photo of 40 × 30 pixels, restored to twice that. */
  async function restored(): Promise<{ photoId: string; jobId: string }> {
    const photo = await uploaded('тигр 🐅.png');
    const [job] = engine.jobs.start([photo.id], { gallery: 'none', scale: 2, format: 'keep' });
    await new Promise<void>((resolve) => {
      engine.jobs.events.on('change', (change) => {
        if (change.kind === 'job' && change.job.state === 'done') resolve();
      });
    });
    return { photoId: photo.id, jobId: job!.id };
  }

  it('is shown in tiles, as is its photo and how they differ', async () => {
    const { photoId, jobId } = await restored();
    for (const [address, width] of [
      [`photo/${photoId}/0/0/0`, 40],
      [`result/${jobId}/0/0/0`, 80],
      [`difference/${jobId}/0/0/0`, 80],
      [`difference/${jobId}/0/0/0?against=${jobId}`, 80],
    ] as const) {
      const response = await request(`/tiles/${address}`);
      expect(response.headers.get('content-type')).toBe('image/png');
      expect((await sharp(await response.arrayBuffer()).metadata()).width, address).toBe(width);
    }
    // A result does not differ from itself.
    const same = await request(`/tiles/difference/${jobId}/0/0/0?against=${jobId}`);
    const { dominant } = await sharp(await same.arrayBuffer()).stats();
    expect(Math.max(dominant.r, dominant.g, dominant.b)).toBeLessThan(10);
  });

  it('has no other tiles, and tells of no paths', async () => {
    const { photoId, jobId } = await restored();
    for (const address of [
      `result/${NO_ID}/0/0/0`,
      `result/${jobId}/0/1/0`,
      `result/${jobId}/7/0/0`,
      `result/${jobId}/21/0/0`,
      `result/${jobId}/-1/0/0`,
      `result/${jobId}/0/0/x`,
      `result/${photoId}/0/0/0`,
      `difference/${jobId}/0/0/0?against=${NO_ID}`,
      `reference/${'a'.repeat(64)}/0/0/0`,
      `result/..%2f..%2fetc/0/0/0`,
    ]) {
      const response = await request(`/tiles/${address}`);
      expect(response.status, address).toBe(404);
      expect(await response.text()).not.toContain(engine.library.paths.root);
    }
  });

  it('is cut again where its tiles were deleted, and named where it is gone itself', async () => {
    const { jobId } = await restored();
    const address = `/tiles/result/${jobId}/0/0/0`;
    expect((await request(address)).status).toBe(200);
    await rm(engine.library.paths.pyramids, { recursive: true });
    expect((await request(address)).status).toBe(200);
    await rm(engine.jobs.get(jobId).output!);
    const gone = await request(address);
    expect(gone.status).toBe(404);
    const { message } = (await gone.json()) as { message: string };
    expect(message).toContain('тигр 🐅-restored.png');
    expect(message).not.toContain(engine.library.paths.root);
  });

  it('is shared beside its photo, under the photo’s name', async () => {
    const { jobId } = await restored();
    const share = (body: unknown) =>
      request('/before-after', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    const part = { left: 0, top: 0, width: 1, height: 1 };
    const wanted = { id: jobId, against: null, part, labels: { before: 'Vorher', after: 'Nachher' } };
    const response = await share(wanted);
    const disposition = response.headers.get('content-disposition')!;
    expect(decodeURIComponent(disposition.split("''")[1]!)).toBe('тигр 🐅-before-after.jpg');
    const { format, width, xmp } = await sharp(await response.arrayBuffer()).metadata();
    expect([format, width]).toEqual(['jpeg', 162]);
    expect(xmp?.toString()).toContain('compositeWithTrainedAlgorithmicMedia');
    for (const bad of [null, {}, { ...wanted, id: '../x' }, { ...wanted, part: { ...part, width: 2 } }]) {
      expect((await share(bad)).status).toBe(404);
    }
    expect((await share({ ...wanted, id: NO_ID })).status).toBe(404);
  });
});

describe('a photo that is handed over for a gallery', () => {
  it('is imported and its upload forgotten; one that a job still needs is kept', async () => {
    const gallery = engine.galleries.create('tiger');
    await mkdir(engine.library.paths.models, { recursive: true });
    const big = new Uint8Array(await picture(200, 150, cloth(1)).png().toBuffer());
    const [first, needed] = [
      (await (await upload('a.png', big)).json()) as PhotoView,
      (await (await upload('b.png', big)).json()) as PhotoView,
    ];
    engine.jobs.start([needed.id], { gallery: 'none', scale: 1, format: 'keep' });
    const call = async (procedure: string, input: object) => {
      const response = await request(`/api/${procedure}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      });
      return ((await response.json()) as { result: { data: { id: number } } }).result.data;
    };
    const { id } = await call('galleries.imports.begin', { galleryId: gallery.id, files: 2 });
    const photoIds = [first.id, needed.id];
    await call('galleries.imports.add', { importId: id, photoIds, refused: [] });
    await engine.imports.settled();
    expect(
      engine.imports
        .list()
        .files.map(({ state }) => state)
        .sort(),
    ).toEqual(['added', 'duplicate']);
    expect(engine.galleries.get(gallery.id).references).toBe(1);
    expect((await request(`/pictures/photo/${first.id}`)).status).toBe(404);
    expect((await request(`/pictures/photo/${needed.id}`)).status).toBe(200);
  });
});

describe('going over to another library', () => {
  const ask = (body: string) =>
    request('/library', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });

  it('is for the window alone, and for folders that can be a library', async () => {
    const folder = path.join(await temporaryFolder(), 'other');
    const stranger = await app.request(`${ORIGIN}/library`, {
      method: 'POST',
      body: JSON.stringify({ folder }),
    });
    expect(stranger.status).toBe(401);
    for (const body of [
      '',
      '{}',
      '{"folder":""}',
      '{"folder":"other"}',
      JSON.stringify({ folder: engine.library.paths.database }),
    ]) {
      const response = await ask(body);
      expect(response.status, body).toBe(422);
      expect(((await response.json()) as { remedy: string }).remedy, body).not.toBe('');
    }
    expect(wanted).toEqual([]);

    const response = await ask(JSON.stringify({ folder }));
    expect(response.status).toBe(202);
    expect(wanted).toEqual([folder]);
    expect(await (await request('/library')).json()).toEqual(await response.json());
  });
});
