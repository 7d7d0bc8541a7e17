import { describe, expect, it } from 'vitest';
import {
  countStates,
  fileState,
  type ImportFile,
  importProgress,
  isRunning,
  reduceImports,
} from '../../../src/renderer/galleries/import-state.ts';

const file = (id: number, change: Partial<ImportFile> = {}): ImportFile => ({
  id,
  importId: 1,
  name: `${id}.jpg`,
  state: 'waiting',
  sha256: null,
  code: null,
  message: null,
  remedy: null,
  ...change,
});
const begun = { kind: 'import', import: { id: 1, galleryId: 7, expected: 3, missing: 0 } } as const;

describe('imports', () => {
  it('fill file by file, and tell how far they are', () => {
    let state = reduceImports(new Map(), [
      begun,
      { kind: 'file', file: file(1) },
      { kind: 'file', file: file(2) },
    ]);
    expect(importProgress(state.get(1)!)).toEqual({ done: 0, total: 3 });
    state = reduceImports(state, [
      { kind: 'file', file: file(1, { state: 'added', sha256: 'a' }) },
      { kind: 'file', file: file(3, { state: 'refused', code: 'IMAGE_BLURRED' }) },
      { kind: 'file', file: file(2, { state: 'duplicate' }) },
    ]);
    expect(state.get(1)!.files.map(({ id, state: became }) => [id, became])).toEqual([
      [1, 'added'],
      [2, 'duplicate'],
      [3, 'refused'],
    ]);
    expect(countStates(state.get(1)!)).toEqual({
      waiting: 0,
      added: 1,
      duplicate: 1,
      small: 0,
      blurred: 1,
      unreadable: 0,
    });
    expect(isRunning(state.get(1)!)).toBe(false);
  });

  it('are over where what is missing will not come', () => {
    const state = reduceImports(new Map(), [begun, { kind: 'file', file: file(1, { state: 'added' }) }]);
    expect(isRunning(state.get(1)!)).toBe(true);
    const closed = reduceImports(state, [{ kind: 'import', import: { ...begun.import, missing: 2 } }]);
    expect(closed.get(1)).toMatchObject({ missing: 2, files: [{ id: 1 }] });
    expect(isRunning(closed.get(1)!)).toBe(false);
  });

  it('are what the snapshot says after a reload, and gone once they were dismissed', () => {
    const snapshot = { kind: 'snapshot', imports: [begun.import], files: [file(4), file(5)] } as const;
    const state = reduceImports(new Map([[9, { ...begun.import, id: 9, files: [] }]]), [snapshot]);
    expect([...state.keys()]).toEqual([1]);
    expect(state.get(1)!.files).toHaveLength(2);
    expect(reduceImports(state, [{ kind: 'removed', importId: 1 }]).size).toBe(0);
    // What was dismissed meanwhile takes nothing.
    expect(reduceImports(new Map(), [{ kind: 'file', file: file(4) }]).size).toBe(0);
  });

  it('name why a file was refused', () => {
    expect(fileState(file(1, { state: 'refused', code: 'IMAGE_TOO_SMALL' }))).toBe('small');
    expect(fileState(file(1, { state: 'refused', code: 'NOT_AN_IMAGE' }))).toBe('unreadable');
    expect(fileState(file(1, { state: 'added' }))).toBe('added');
  });
});
