import { describe, expect, it } from 'vitest';
import { importDone, importSummary, reduceImports } from '../../../src/renderer/galleries/import-state.ts';

describe('imports', () => {
  it('joins files to a running import, and begins anew after it has ended', () => {
    const results = {
      added: 1,
      duplicates: 1,
      refused: [{ name: 'x.jpg', message: 'x.jpg is empty.', remedy: 'Copy it again.' }],
    };
    let state = reduceImports({}, { kind: 'begun', galleryId: 7, files: 2 });
    state = reduceImports(state, { kind: 'begun', galleryId: 7, files: 1 });
    expect(state[7]).toMatchObject({ total: 3 });
    state = reduceImports(state, { kind: 'portion', galleryId: 7, results });
    expect(importDone(state[7]!)).toBe(3);
    expect(importSummary(state[7]!)).toBe('1 added, 1 already there, 1 not added');
    state = reduceImports(state, { kind: 'begun', galleryId: 7, files: 5 });
    expect(state[7]).toEqual({ total: 5, added: 0, duplicates: 0, refused: [] });
    expect(reduceImports(state, { kind: 'dismissed', galleryId: 7 })).toEqual({});
  });
});
