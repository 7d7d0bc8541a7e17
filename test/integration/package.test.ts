import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Configuration } from 'electron-builder';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { missingBinaries, nativeBinaries } from '../../scripts/packaging/native-binaries.ts';
import type { JobView } from '../../src/api/views.ts';
import { IMAGE_EXTENSIONS, MEDIA_TYPES } from '../../src/core/photo/formats.ts';
import { EngineHost } from '../../src/main/engine-host.ts';
import { handOver } from '../../src/main/hand-over.ts';
import { APP_ID } from '../../src/main/identity.ts';
import { ChildEngines } from '../support/child-engine.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';
import type { WiredPort } from '../support/wired-port.ts';

// The package that electron-builder makes by our configuration, without Electron's own program.

const ROOT = path.join(import.meta.dirname, '..', '..');
const builder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib/package.json'));
const asar = builder('@electron/asar') as typeof import('@electron/asar');
const yaml = builder('js-yaml') as { load(text: string): unknown };

/** The committed configuration as electron-builder reads it. */
async function configuration(): Promise<Configuration> {
  return yaml.load(await readFile(path.join(ROOT, 'electron-builder.yml'), 'utf8')) as Configuration;
}

describe('electron-builder.yml', () => {
  it('keeps to the schema of electron-builder', async () => {
    const Ajv = builder('ajv') as typeof import('ajv').default;
    const schema = JSON.parse(await readFile(builder.resolve('./scheme.json'), 'utf8')) as object;
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    validate(await configuration());
    expect(validate.errors).toBeNull();
    // The schema refuses what it does not know.
    expect(validate({ ...(await configuration()), asarUnpacked: [] })).toBe(false);
  });

  it('offers every image we read, on every system', async () => {
    const { mac, linux } = await configuration();
    const extensions = IMAGE_EXTENSIONS.map((extension) => extension.slice(1));
    const [association] = [mac?.fileAssociations].flat();
    expect([association?.ext].flat().sort()).toEqual([...extensions].sort());
    const types = [...Object.values(MEDIA_TYPES), 'image/heic', 'image/heif'];
    expect(linux?.mimeTypes?.toSorted()).toEqual(types.sort());
    const installer = await readFile(path.join(ROOT, 'packaging', 'installer.nsh'), 'utf8');
    const offered = [...installer.matchAll(/insertmacro \$\{DO\} "(\w+)"/g)].map(
      ([, extension]) => extension,
    );
    expect(offered.sort()).toEqual([...extensions].sort());
  });

  it('is made for what every native module has a binary for', async () => {
    const { win, mac } = await configuration();
    const targets = [win?.target, mac?.target].flat() as { target: string; arch: string[] }[];
    expect(targets.map(({ target }) => target)).toEqual(['nsis', 'dmg', 'zip']);
    // Of all these only onnxruntime-node and better-sqlite3 carry the binaries of other systems.
    for (const [platform, arch] of [
      ['win32', 'x64'],
      ['darwin', 'arm64'],
      ['linux', 'x64'],
      ['linux', 'arm64'],
    ] as const) {
      const here = platform === process.platform && arch === process.arch;
      expect(missingBinaries(ROOT, platform, arch), `${platform} ${arch}`).toEqual(
        here ? [] : ['sqlite-vec', 'sharp'],
      );
    }
    expect(missingBinaries(ROOT, 'darwin', 'x64')).toContain('onnxruntime-node');
    expect(targets.flatMap(({ arch }) => arch)).toEqual(['x64', 'arm64', 'arm64']);
  });

  it('closes what Electron leaves open, and is called what the app calls itself', async () => {
    const { electronFuses, appId, mac } = await configuration();
    expect(electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
    });
    expect(appId).toBe(APP_ID);
    expect(mac?.hardenedRuntime).toBe(true);
    const entitlements = await readFile(path.join(ROOT, mac!.entitlements!), 'utf8');
    expect(entitlements).toContain('com.apple.security.cs.allow-jit');
    expect(entitlements).not.toMatch(/get-task-allow|allow-dyld/);
  });
});

describe.runIf(process.platform === 'linux')('the package', () => {
  const folder = sharedFolder();
  let resources: string;
  let archive: string;
  /** What is in the archive, with `/`; files beside it included. */
  let files: string[];

  beforeAll(async () => {
    const output = await folder;
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'test', 'support', 'pack.ts'), output]);
    resources = path.join(output, 'dist', 'linux-unpacked', 'resources');
    archive = path.join(resources, 'app.asar');
    files = asar
      .listPackage(archive, { isPack: false })
      .map((file) => file.replaceAll(path.sep, '/').slice(1))
      .filter((file) => 'size' in asar.statFile(archive, file));
  }, 300_000);

  it('holds the built app, its licence, and no source, test, training or documentation', async () => {
    const tops = [...new Set(files.map((file) => file.split('/')[0]))];
    expect(tops.sort()).toEqual(['LICENSE', 'node_modules', 'out', 'package.json']);
    for (const file of [
      'out/main/index.js',
      'out/main/engine.js',
      'out/preload/index.cjs',
      'out/renderer/index.html',
    ]) {
      expect(files).toContain(file);
    }
    expect(files.filter((file) => /\.(map|md|ts|cc|cpp|h)$|\/(test|tests|docs)\//.test(file))).toEqual([]);
  });

  it('holds what the app is run with, and nothing of what it is built with', async () => {
    const { dependencies, devDependencies } = JSON.parse(
      await readFile(path.join(ROOT, 'package.json'), 'utf8'),
    ) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const holds = (name: string) => files.includes(`node_modules/${name}/package.json`);
    expect(Object.keys(dependencies).filter((name) => !holds(name))).toEqual([]);
    expect(Object.keys(devDependencies).filter(holds)).toEqual([]);
  });

  it("has this machine's native code beside the archive, and no other", async () => {
    const native = files.filter((file) => /\.(node|dll|dylib|so)(\.|$)/.test(file));
    const other = native.filter(
      (file) => /win32|darwin|musl|windows/.test(file) || !file.includes(process.arch),
    );
    expect(other).toEqual([]);
    for (const [name, glob] of Object.entries(nativeBinaries(process.platform, process.arch))) {
      expect(
        native.some((file) => path.matchesGlob(file, glob)),
        name,
      ).toBe(true);
    }
    expect(
      native.some((file) => file.includes('libvips')),
      'libvips',
    ).toBe(true);
    const archived = native.filter((file) => !('unpacked' in asar.statFile(archive, file)));
    expect(archived).toEqual([]);
  });

  it('has models and samples beside the archive', async () => {
    expect((await readdir(path.join(resources, 'models'))).sort()).toEqual(
      (await readdir(path.join(ROOT, 'resources', 'models'))).sort(),
    );
    expect(await readdir(path.join(resources, 'samples'))).toContain('samples.json');
    expect(files.filter((file) => file.endsWith('.onnx'))).toEqual([]);
  });

  it('restores a photo with a reference of the same object, and reads HEIC, from what is packed alone', async () => {
    // What Electron does in memory: the archive as a folder, with its neighbours where they are.
    const installed = path.join(await folder, 'installed', 'resources');
    await mkdir(installed, { recursive: true });
    for (const name of ['models', 'app.asar.unpacked']) {
      await cp(path.join(resources, name), path.join(installed, name), { recursive: true });
    }
    asar.extractAll(archive, path.join(installed, 'app.asar'));

    const engines = new ChildEngines(path.join(installed, 'app.asar', 'out', 'main', 'engine.js'));
    onTestFinished(() => {
      for (const child of engines.started) child.kill('SIGKILL');
    });
    const refused = Promise.withResolvers<never>();
    const host = new EngineHost(engines, path.join(await folder, 'library'), {
      onRestart: () => refused.reject(new Error('The packed engine crashed.')),
      onRefused: ({ message }) => refused.reject(new Error(message)),
    });
    const samples = path.join(ROOT, 'resources', 'samples');
    const record = await Promise.race([restoreButterfly(host, samples), refused.promise]);
    expect(record).toMatchObject({ sameObject: {} });
    expect(record?.references).toHaveLength(1);

    // An iPhone's photo is decoded in a thread of its own.
    const [iphone] = await handOver(host.client, [
      path.join(ROOT, 'test', 'support', 'photos', 'quarters.heic'),
    ]);
    if (iphone?.kind !== 'taken') throw new Error(iphone?.error.message);
    const thumbnail = await host.client.pictureFile.query({ kind: 'photo-thumbnail', id: iphone.photo.id });
    expect((await sharp(thumbnail.file).metadata()).format).toBe('webp');
    await host.close('park');
  }, 300_000);
});

/** Imports butterflies and restores a shot of one of them. @returns the record of the restoration */
async function restoreButterfly(host: EngineHost<WiredPort>, samples: string) {
  const { client } = host;
  const idsOf = async (files: readonly string[]) =>
    (await handOver(client, files)).flatMap((result) => (result.kind === 'taken' ? [result.photo.id] : []));
  const gallery = await client.galleries.create.mutate({ name: 'Butterfly wings' });
  const references = ['monarch.jpg', 'peacock.jpg'].map((name) =>
    path.join(samples, 'galleries', 'Butterfly wings', name),
  );
  const { id } = await client.galleries.imports.begin.mutate({
    galleryId: gallery.id,
    files: references.length,
  });
  const referenceIds = await idsOf(references);
  await client.galleries.imports.add.mutate({ importId: id, photoIds: referenceIds, refused: [] });
  await expect
    .poll(
      async () =>
        (await client.galleries.order.query({ galleryId: gallery.id, by: 'added', descending: false }))
          .length,
      {
        timeout: 120_000,
      },
    )
    .toBe(references.length);
  // A copy: the output goes beside the photo.
  const photo = path.join(await temporaryFolder(), 'monarch-specimen.jpg');
  await cp(path.join(samples, 'photos', 'monarch-specimen.jpg'), photo);
  const photoIds = await idsOf([photo]);
  await client.jobs.start.mutate({ photoIds, settings: { gallery: 'find', scale: 1, format: 'png' } });
  return new Promise<JobView['record']>((resolve, reject) => {
    client.jobs.events.subscribe(undefined, {
      onData(event) {
        const jobs = event.kind === 'snapshot' ? event.jobs : event.kind === 'job' ? [event.job] : [];
        for (const { state, record, error } of jobs) {
          if (state === 'done') resolve(record);
          if (state === 'failed') reject(new Error(error?.message));
        }
      },
    });
  });
}
