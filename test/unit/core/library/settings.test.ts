import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Library } from '../../../../src/core/library/library.ts';
import { readSetting, type Setting, writeSetting } from '../../../../src/core/library/settings.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const SIZE: Setting<{ width: number }> = {
  key: 'size',
  schema: z.object({ width: z.int().positive() }),
  fallback: { width: 1 },
};

describe('a setting', () => {
  it('is the fallback until the user chooses, and then what they chose, also after opening again', async () => {
    const folder = await temporaryFolder();
    const first = new Library(folder);
    expect(readSetting(first, SIZE)).toEqual({ width: 1 });
    writeSetting(first, SIZE, { width: 7 });
    first.close();
    const second = new Library(folder);
    expect(readSetting(second, SIZE)).toEqual({ width: 7 });
    second.close();
  });

  it.each(['{"width":"wide"}', '{', '', 'null'])('is the fallback where %j is stored', async (stored) => {
    const library = new Library(await temporaryFolder());
    library.setSetting('size', stored);
    expect(readSetting(library, SIZE)).toEqual({ width: 1 });
    library.close();
  });

  it('is never stored as what it may not be', async () => {
    const library = new Library(await temporaryFolder());
    writeSetting(library, SIZE, { width: 7 });
    expect(() => writeSetting(library, SIZE, { width: 0 })).toThrow();
    expect(readSetting(library, SIZE)).toEqual({ width: 7 });
    library.close();
  });
});
