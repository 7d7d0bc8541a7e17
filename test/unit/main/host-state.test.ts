import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HostStateFile, withRecent } from '../../../src/main/host-state.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const WINDOW = { x: -1200, y: 40, width: 1100, height: 760, maximised: true };

describe('HostStateFile', () => {
  it('remembers over a restart, and keeps what was not changed', async () => {
    const file = path.join(await temporaryFolder(), 'deep', 'window.json');
    const first = new HostStateFile(file);
    expect(first.state).toEqual({ window: null, recent: [], language: null });
    first.update({ window: WINDOW });
    first.update({ recent: ['/a.jpg'] });
    first.update({ language: 'de' });
    await first.flush();
    expect(new HostStateFile(file).state).toEqual({ window: WINDOW, recent: ['/a.jpg'], language: 'de' });
    // Nothing half-written is left beside it.
    expect(await readdir(path.dirname(file))).toEqual(['window.json']);
  });

  it('writes the newest last', async () => {
    const file = path.join(await temporaryFolder(), 'window.json');
    const state = new HostStateFile(file);
    for (let i = 0; i < 20; i++) state.update({ recent: [`/${i}.jpg`] });
    await state.flush();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ recent: ['/19.jpg'] });
  });

  it.each([
    ['rubbish', '{"window":', { window: null, recent: [], language: null }],
    ['null', 'null', { window: null, recent: [], language: null }],
    [
      'parts that are damaged',
      JSON.stringify({ window: { x: 'left' }, recent: ['/a.jpg'], language: 'tlh' }),
      { window: null, recent: ['/a.jpg'], language: null },
    ],
  ])('starts with what can be read of %s', async (_what, text, wanted) => {
    const file = path.join(await temporaryFolder(), 'window.json');
    await writeFile(file, text);
    expect(new HostStateFile(file).state).toEqual(wanted);
  });

  it('lives on where it cannot write', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'window.json'));
    const state = new HostStateFile(path.join(folder, 'window.json'));
    state.update({ language: 'fr' });
    await state.flush();
    expect(state.state.language).toBe('fr');
  });
});

describe('withRecent', () => {
  it('has the newest first, each once, and ten at most', () => {
    expect(withRecent(['/a', '/b', '/c'], ['/d', '/b'])).toEqual(['/b', '/d', '/a', '/c']);
    const many = Array.from({ length: 12 }, (_, i) => `/${i}`);
    expect(withRecent([], many)).toEqual(many.slice(2).toReversed());
  });
});
