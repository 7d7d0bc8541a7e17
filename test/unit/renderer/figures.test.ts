import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { figureTables, headline, isShare, nameInWords } from '../../../src/renderer/models/figures.ts';
import { en } from '../../../src/renderer/models/messages/en.ts';

const MODELS = path.resolve(import.meta.dirname, '../../../resources/models');
const metricsOf = (bundle: string) =>
  JSON.parse(readFileSync(path.join(MODELS, bundle, 'manifest.json'), 'utf8')).metrics;

describe('figureTables', () => {
  it('joins rows with figures in common, whatever the nesting', () => {
    const tables = figureTables({
      zoo: { bicubic: { psnr: 20 }, ours: { psnr: 21, ssim: 0.5 }, cases: 4 },
      deep: { er: { a: { x: 1 } } },
      note: 'text',
      cases: { zoo: 4 },
    });
    expect(tables).toEqual([
      { path: [], columns: ['zoo'], rows: [{ name: 'cases', values: { zoo: 4 } }] },
      { path: ['zoo'], columns: ['cases'], rows: [{ name: '', values: { cases: 4 } }] },
      {
        path: ['zoo'],
        columns: ['psnr', 'ssim'],
        rows: [
          { name: 'bicubic', values: { psnr: 20 } },
          { name: 'ours', values: { psnr: 21, ssim: 0.5 } },
        ],
      },
      { path: ['deep', 'er'], columns: ['x'], rows: [{ name: 'a', values: { x: 1 } }] },
    ]);
    expect(figureTables({})).toEqual([]);
  });

  it('leaves out no figure of the embedded models', () => {
    const count = (node: unknown): number =>
      typeof node === 'number'
        ? 1
        : Object.values(node as object).reduce((sum: number, child) => sum + count(child), 0);
    for (const bundle of ['retriever-small', 'rasrnet-small', 'fusion-small']) {
      const metrics = metricsOf(bundle);
      const shown = figureTables(metrics).flatMap(({ rows }) =>
        rows.flatMap(({ values }) => Object.values(values)),
      );
      expect(shown.length, bundle).toBe(count(metrics));
      expect(shown.length, bundle).toBeGreaterThan(0);
    }
  });
});

it('the figures of the embedded generator and fusion network have names', () => {
  for (const bundle of ['rasrnet-small', 'fusion-small']) {
    const measured = figureTables(metricsOf(bundle)).filter(({ rows }) =>
      rows.some(({ name }) => name === 'bicubic'),
    );
    const unnamed = measured.flatMap(({ columns }) => columns).filter((name) => !(name in en.names));
    expect(unnamed, bundle).toEqual([]);
    expect(measured.length, bundle).toBeGreaterThan(0);
  }
});

describe('headline', () => {
  it('is found in every embedded model', () => {
    expect(headline(figureTables(metricsOf('retriever-small')))).toMatchObject({ kind: 'recall' });
    const { all } = metricsOf('rasrnet-small')['real-esrgan'];
    expect(headline(figureTables(metricsOf('rasrnet-small')))).toEqual({
      kind: 'psnr',
      value: all.retrieved.psnr,
      bicubic: all.bicubic.psnr,
    });
    expect(headline(figureTables(metricsOf('fusion-small')))).toMatchObject({ kind: 'psnr' });
  });

  it('is none where the figures are others', () => {
    expect(headline(figureTables({ ours: { fid: 3 } }))).toBeNull();
  });
});

it('shares are known by their names, and unknown names are put in words', () => {
  expect(['recallAt1', 'sameObjectShare', 'psnr', 'seconds'].map(isShare)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(nameInWords('sameObjectKept')).toBe('same object kept');
  expect(nameInWords('realesr-general-x4v3')).toBe('realesr-general-x4v3');
});
