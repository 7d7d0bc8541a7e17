import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HandedOver } from '../../../src/api/electron-bridge.ts';
import { filesInArguments, OpenedFiles } from '../../../src/main/opened-files.ts';
import { writePicture } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('filesInArguments', () => {
  const here = path.resolve('/home/ana');

  it('takes absolute, relative and file: names, and no options', () => {
    const absolute = path.resolve('/photos/ä 100% 🐅.jpg');
    const named = ['--enable-features=X', absolute, 'cat.png', pathToFileURL(absolute).href, '-psn_0_1', ''];
    const wanted = [absolute, path.join(here, 'cat.png'), absolute];
    expect(filesInArguments(['/opt/RASR/rasr', ...named], here, true)).toEqual(wanted);
    expect(filesInArguments(['electron', '--inspect=0', '.', ...named], here, false)).toEqual(wanted);
    expect(filesInArguments(['/opt/RASR/rasr'], here, true)).toEqual([]);
    expect(filesInArguments(['electron', '.'], here, false)).toEqual([]);
  });
});

/** An app that notes what its window is told. */
function app(refuse: (file: string) => boolean = () => false) {
  const told: string[][] = [];
  const taken: string[] = [];
  const handedOver: number[] = [];
  let windows = 0;
  const opened = new OpenedFiles({
    handOver: async (paths) => {
      handedOver.push(paths.length);
      return paths.map((file): HandedOver => {
        const name = path.basename(file);
        if (refuse(file)) return { kind: 'refused', name, error: { code: 'X', message: 'x', remedy: 'x' } };
        return { kind: 'taken', name, photo: { id: name, name, width: 1, height: 1 } };
      });
    },
    tellWindow: (files) => told.push(files.map(({ kind, name }) => `${kind} ${name}`)),
    needWindow: () => windows++,
    onTaken: (paths) => taken.push(...paths),
  });
  return { opened, told, taken, handedOver, windows: () => windows };
}

describe('OpenedFiles', () => {
  it('keeps what is opened until the window listens, and tells it once', async () => {
    const folder = await temporaryFolder();
    const photo = await writePicture(path.join(folder, 'a.png'), 4, 4);
    const { opened, told, windows } = app();
    await opened.open([photo]);
    expect(told).toEqual([]);
    expect(windows()).toBe(1);
    opened.windowListens();
    opened.windowListens();
    expect(told).toEqual([['taken a.png']]);
    // Loading again, or closed on a Mac.
    opened.windowGone();
    await opened.open([photo]);
    expect(told).toHaveLength(1);
    opened.windowListens();
    expect(told).toHaveLength(2);
  });

  it('opens the images of a folder in portions, in order, and remembers those that could be read', async () => {
    const folder = await temporaryFolder();
    for (let i = 1; i <= 10; i++) await writePicture(path.join(folder, 'in', `${i}.png`), 4, 4);
    const { opened, told, taken, handedOver } = app((file) => file.endsWith(`${path.sep}2.png`));
    opened.windowListens();
    await opened.open([path.join(folder, 'in')]);
    expect(handedOver).toEqual([4, 4, 2]);
    expect(told.flat()).toEqual([
      'taken 1.png',
      'refused 2.png',
      ...[3, 4, 5, 6, 7, 8, 9, 10].map((i) => `taken ${i}.png`),
    ]);
    expect(taken).toHaveLength(9);
  });

  it('tells of a file that is gone, and opens the others', async () => {
    const folder = await temporaryFolder();
    const photo = await writePicture(path.join(folder, 'a.png'), 4, 4);
    const { opened, told } = app();
    opened.windowListens();
    await opened.open([path.join(folder, 'gone.jpg'), photo]);
    expect(told).toEqual([['refused gone.jpg'], ['taken a.png']]);
  });

  it('needs no window for nothing', async () => {
    const { opened, windows } = app();
    await opened.open([]);
    expect(windows()).toBe(0);
  });
});
