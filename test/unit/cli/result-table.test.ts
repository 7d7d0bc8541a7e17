import { describe, expect, it } from 'vitest';
import { resultTable } from '../../../src/cli/report/result-table.ts';
import type { RestorationRecord } from '../../../src/core/restoration/record.ts';

const MONARCH = { gallery: 'Butterfly wings', name: 'monarch.jpg', sha256: 'a', similarity: 0.912 };
const FUSION = { id: 'fusion-small', version: '0.1.0', hash: 'one' };

function row(record: Partial<RestorationRecord>): string {
  const whole = {
    photo: { name: 'photo.jpg' },
    references: [],
    sameObject: null,
    search: null,
    seconds: 1.24,
    ...record,
  } as unknown as RestorationRecord;
  const [, line] = resultTable([whole]).split('\n');
  return line!.trim().replace(/ {2,}/g, ' | ');
}

describe('resultTable', () => {
  const search = { best: MONARCH, threshold: 0.77 };

  it('tells a reference of the very same object from one of the same kind', () => {
    const sameObject = {
      sha256: 'a',
      fusion: FUSION,
      overlap: 0.85,
      used: 0.606,
      inliers: 144,
      correlation: 0.9,
      weightMap: '',
    };
    expect(row({ references: [MONARCH], search, sameObject })).toBe(
      'photo.jpg | Butterfly wings | monarch.jpg | 0.91 | this very object: 61 % of the picture | 1.2',
    );
    expect(row({ references: [MONARCH], search })).toBe(
      'photo.jpg | Butterfly wings | monarch.jpg | 0.91 | its texture | 1.2',
    );
  });

  it('says what the similarity means, but where the reference lies on the photo anyway', () => {
    const weak = { ...MONARCH, similarity: 0.78, closeness: 'weak' } as const;
    expect(row({ references: [weak], search })).toContain('| 0.78, weak |');
    const sameObject = { used: 0.6 } as NonNullable<RestorationRecord['sameObject']>;
    expect(row({ references: [weak], search, sameObject })).toContain('| 0.78 |');
  });

  it('names the reference that was used, also where another is more alike', () => {
    const other = { ...MONARCH, gallery: 'Moths', name: 'luna.jpg', similarity: 0.95 };
    expect(row({ references: [MONARCH], search: { ...search, best: other } })).toContain(
      'monarch.jpg | 0.91',
    );
  });

  it('tells how much was missing where none fits', () => {
    const best = { ...MONARCH, similarity: 0.26 };
    expect(row({ search: { best, threshold: 0.77 } })).toBe(
      'photo.jpg | none fits | – | 0.26 < 0.77 | none | 1.2',
    );
    expect(row({})).toBe('photo.jpg | none fits | – | – | none | 1.2');
  });
});
