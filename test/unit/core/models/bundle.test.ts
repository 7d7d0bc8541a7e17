import { appendFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findBundles, readBundle } from '../../../../src/core/models/bundle.ts';
import { chooseDevice } from '../../../../src/core/models/device.ts';
import { loadGraphs } from '../../../../src/core/models/load.ts';
import { ModelShelf } from '../../../../src/core/models/model-shelf.ts';
import { verifyBundle } from '../../../../src/core/models/verify.ts';
import { copyBundle, EMBEDDED_MODELS, embeddedBundle, type ManifestJson } from '../../../support/bundles.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
});

const copy = async (
  change?: Parameters<typeof copyBundle>[2],
  kind: 'generator' | 'retriever' = 'retriever',
) => copyBundle(await embeddedBundle(kind), path.join(root, 'copy'), change);

describe('the embedded bundles', () => {
  it('are one retriever and one generator at least, all sound', async () => {
    const { bundles, broken } = await findBundles([EMBEDDED_MODELS]);
    expect(broken).toEqual([]);
    const kinds = bundles.map(({ manifest }) => manifest.kind);
    expect(kinds).toEqual(expect.arrayContaining(['retriever', 'generator']));
    for (const bundle of bundles) await verifyBundle(bundle);
  });
});

describe('readBundle', () => {
  it('names weights by a hash that changes with the version, any weight, and how references are embedded', async () => {
    const folder = await copy();
    const { hash } = await readBundle(folder);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hash).toBe((await embeddedBundle('retriever')).hash);
    await copy((manifest) => {
      manifest.version = '9.9.9';
    });
    const newer = (await readBundle(folder)).hash;
    await copy((manifest) => {
      manifest.files[0].sha256 = '0'.repeat(64);
    });
    const otherWeights = (await readBundle(folder)).hash;
    await copy((manifest) => {
      manifest.softReferences = 2;
    });
    expect(new Set([hash, newer, otherWeights, (await readBundle(folder)).hash]).size).toBe(4);
  });

  const wrong: [string, 'generator' | 'retriever', (manifest: ManifestJson) => void, string][] = [
    ['schemaVersion', 'retriever', (m) => Object.assign(m, { schemaVersion: 2 }), 'schemaVersion'],
    ['kind', 'retriever', (m) => Object.assign(m, { kind: 'upscaler' }), 'kind'],
    ['id', 'retriever', (m) => Object.assign(m, { id: 'My Model' }), 'id'],
    ['version', 'retriever', (m) => Object.assign(m, { version: 'new' }), 'version'],
    ['title', 'retriever', (m) => Object.assign(m, { title: '' }), 'title'],
    ['licence', 'retriever', (m) => delete m.licence, 'licence'],
    ['precision', 'retriever', (m) => Object.assign(m, { precision: 'fp64' }), 'precision'],
    ['no files', 'retriever', (m) => Object.assign(m, { files: [] }), 'files'],
    [
      'a file outside the folder',
      'retriever',
      (m) => Object.assign(m.files[0], { path: '../x.onnx' }),
      'path',
    ],
    ['an absolute file', 'retriever', (m) => Object.assign(m.files[0], { path: '/etc/x.onnx' }), 'path'],
    ['bytes', 'retriever', (m) => Object.assign(m.files[0], { bytes: -1 }), 'bytes'],
    ['sha256', 'retriever', (m) => Object.assign(m.files[0], { sha256: 'ABC' }), 'sha256'],
    ['graphs', 'retriever', (m) => Object.assign(m, { graphs: [] }), 'graphs'],
    ['role', 'retriever', (m) => Object.assign(m.graphs[0], { role: 'generator' }), 'role'],
    [
      'an unlisted file',
      'retriever',
      (m) => Object.assign(m.graphs[0], { file: 'other.onnx' }),
      'other.onnx',
    ],
    ['size', 'retriever', (m) => Object.assign(m.preprocessing, { size: 0 }), 'size'],
    ['mean', 'retriever', (m) => Object.assign(m.preprocessing, { mean: [0.5] }), 'mean'],
    ['resize', 'retriever', (m) => Object.assign(m.preprocessing, { resize: 256 }), 'fit cover'],
    ['softReferences', 'retriever', (m) => Object.assign(m, { softReferences: 5 }), 'divisor of the size'],
    ['pooling', 'retriever', (m) => Object.assign(m.embedding, { pooling: 'max' }), 'pooling'],
    ['dimension', 'retriever', (m) => Object.assign(m.embedding, { dimension: 0.5 }), 'dimension'],
    ['threshold', 'retriever', (m) => Object.assign(m.calibration, { threshold: 2 }), 'threshold'],
    ['tiles', 'generator', (m) => Object.assign(m, { tiles: undefined }), 'tiles'],
    ['tiles.max', 'generator', (m) => Object.assign(m.tiles, { max: 8 }), 'two overlaps'],
    ['scale', 'generator', (m) => Object.assign(m, { scale: 8 }), 'scale'],
    ['detail without an input', 'generator', (m) => m.graphs[1].inputs.pop(), 'detail'],
    ['detail input without a default', 'generator', (m) => Object.assign(m, { detail: undefined }), 'detail'],
    ['features', 'generator', (m) => Object.assign(m.reference, { features: [] }), 'features'],
    ['maxReferences', 'generator', (m) => Object.assign(m.reference, { maxReferences: 0 }), 'maxReferences'],
  ];

  it.each(wrong)('names a wrong %s', async (_what, kind, change, named) => {
    const folder = await copy((manifest) => void change(manifest), kind);
    const refusal = await expectRefusal(readBundle(folder), 'BUNDLE_INVALID', named);
    expect(refusal.message).toContain(path.join(folder, 'manifest.json'));
  });

  it.each([['{"kind":'], [''], ['[]'], ['null']])('refuses %j as a manifest', async (text) => {
    const folder = await copy();
    await writeFile(path.join(folder, 'manifest.json'), text);
    await expectRefusal(readBundle(folder), 'BUNDLE_INVALID', 'manifest.json');
  });
});

describe('verifyBundle', () => {
  const damages: [string, (file: string) => Promise<unknown>, string][] = [
    ['missing', (file) => rm(file), 'is missing'],
    ['truncated', (file) => truncate(file, 1000), 'has 1000 bytes instead of'],
    ['longer', (file) => appendFile(file, 'x'), 'bytes instead of'],
    [
      'changed by one bit',
      async (file) => {
        const bytes = await readFile(file);
        bytes[bytes.length >> 1]! ^= 1;
        await writeFile(file, bytes);
      },
      'does not match its hash',
    ],
  ];

  it.each(damages)('finds a %s file, and such a bundle never loads', async (_what, damage, message) => {
    const folder = await copy();
    const bundle = await readBundle(folder);
    const [file] = bundle.manifest.files;
    await damage(path.join(folder, file!.path));
    const refusal = await expectRefusal(verifyBundle(bundle), 'BUNDLE_CORRUPT', file!.path);
    expect(refusal.message).toContain(message);
    await expectRefusal(loadGraphs(bundle, chooseDevice()), 'BUNDLE_CORRUPT', file!.path);
  });

  it('finds damage in the last of several files', async () => {
    const folder = await copy(undefined, 'generator');
    const bundle = await readBundle(folder);
    const last = bundle.manifest.files.at(-1)!;
    await appendFile(path.join(folder, last.path), 'x');
    await expectRefusal(verifyBundle(bundle), 'BUNDLE_CORRUPT', last.path);
  });
});

describe('loadGraphs', () => {
  it('refuses a graph that lacks an input the manifest promises', async () => {
    const folder = await copy((manifest) => {
      manifest.graphs[0].inputs = ['no_such_input'];
    });
    const bundle = await readBundle(folder);
    await expectRefusal(loadGraphs(bundle, chooseDevice()), 'BUNDLE_INVALID', 'no_such_input');
  });

  it('refuses a file that is no graph, though its hash is right', async () => {
    const folder = await copy();
    const { createHash } = await import('node:crypto');
    const text = 'this is not an ONNX file';
    await writeFile(path.join(folder, 'retriever.onnx'), text);
    const file = path.join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    const entry = {
      path: 'retriever.onnx',
      bytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    };
    manifest.files = [entry];
    manifest.graphs[0].file = entry.path;
    await writeFile(file, JSON.stringify(manifest));
    await expectRefusal(loadGraphs(await readBundle(folder), chooseDevice()), 'BUNDLE_INVALID', entry.path);
  });
});

describe('findBundles', () => {
  it('lets the later root win, and tells of folders that want to be bundles and are not', async () => {
    const embedded = await embeddedBundle('retriever');
    const later = path.join(root, 'later');
    await copyBundle(embedded, path.join(later, 'mine'));
    await mkdir(path.join(later, 'broken'));
    await writeFile(path.join(later, 'broken', 'manifest.json'), '{}');
    await mkdir(path.join(later, 'unrelated'));
    const { bundles, broken } = await findBundles([EMBEDDED_MODELS, later, path.join(root, 'none')]);
    expect(bundles.find(({ manifest }) => manifest.id === embedded.manifest.id)?.folder).toBe(
      path.join(later, 'mine'),
    );
    expect(broken.map(({ folder }) => path.basename(folder))).toEqual(['broken']);
  });
});

describe('ModelShelf', () => {
  it('chooses the preferred bundle, and another of the kind where that is gone', async () => {
    const embedded = await embeddedBundle('retriever');
    await copyBundle(embedded, path.join(root, 'other'), (manifest) => {
      manifest.id = 'zz-other';
    });
    const shelf = await ModelShelf.read([EMBEDDED_MODELS, root]);
    expect(shelf.choose('retriever', 'zz-other').manifest.id).toBe('zz-other');
    expect(shelf.choose('retriever', 'gone').manifest.kind).toBe('retriever');
    expect(shelf.choose('retriever', undefined).manifest.kind).toBe('retriever');
  });

  it('sees what was added when it looks again, and goes on choosing the embedded one', async () => {
    const embedded = await embeddedBundle('retriever');
    const shelf = await ModelShelf.read([EMBEDDED_MODELS, root]);
    for (const name of ['aa-new', '.pull-aa-hidden']) {
      await copyBundle(embedded, path.join(root, name), (manifest) => {
        manifest.id = name.replace('.', '');
      });
    }
    await shelf.refresh();
    expect(shelf.byId('aa-new').folder).toBe(path.join(root, 'aa-new'));
    expect(shelf.choose('retriever', undefined).manifest.id).toBe(embedded.manifest.id);
    await expectRefusal(() => shelf.byId('pull-aa-hidden'), 'BUNDLE_MISSING');
  });

  it('names the models there are, and why others are not', async () => {
    const shelf = await ModelShelf.read([EMBEDDED_MODELS]);
    const refusal = await expectRefusal(() => shelf.byId('gone'), 'BUNDLE_MISSING', '"gone"');
    expect(refusal.remedy).toContain(shelf.bundles[0]!.manifest.id);
    await mkdir(path.join(root, 'broken'));
    await writeFile(path.join(root, 'broken', 'manifest.json'), '{}');
    const empty = await ModelShelf.read([root]);
    await expectRefusal(() => empty.choose('generator', undefined), 'BUNDLE_MISSING', 'broken');
  });
});
