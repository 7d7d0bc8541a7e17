import { beforeEach, describe, expect, it } from 'vitest';
import type { JobSettings } from '../../../../src/core/jobs/job.ts';
import { MAX_PRESET_NAME, MAX_PRESETS, Presets } from '../../../../src/core/jobs/presets.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import { temporaryLibrary } from '../../../support/engine.ts';
import { expectRefusal } from '../../../support/refusal.ts';

const WEB: JobSettings = {
  gallery: 'none',
  scale: 2,
  referenceStrength: 1,
  format: 'webp',
  nameTemplate: '{name}-web',
};
const PRINT: JobSettings = {
  gallery: 3,
  scale: 4,
  referenceStrength: 1,
  format: 'tiff',
  nameTemplate: '{name}-print',
};

let library: Library;
let presets: Presets;
beforeEach(async () => {
  library = await temporaryLibrary();
  presets = new Presets(library);
});

const names = () => presets.list().map(({ name }) => name);

describe('Presets', () => {
  it('keeps them with the library, in the order of their names', () => {
    expect(presets.list()).toEqual([]);
    presets.save('Web', WEB);
    presets.save(' Print 10 ', PRINT);
    presets.save('Print 9', PRINT);
    expect(new Presets(library).list()).toEqual([
      { name: 'Print 9', settings: PRINT },
      { name: 'Print 10', settings: PRINT },
      { name: 'Web', settings: WEB },
    ]);
  });

  it('replaces the one of the same name, whatever its case, and deletes', () => {
    presets.save('web', PRINT);
    expect(presets.save('Web', WEB)).toEqual([{ name: 'Web', settings: WEB }]);
    expect(presets.remove('WEB')).toEqual([]);
    expect(presets.remove('not there')).toEqual([]);
  });

  it('refuses what cannot be used, and keeps what there was', async () => {
    presets.save('Web', WEB);
    await expectRefusal(() => presets.save('  ', WEB), 'NAME_INVALID');
    await expectRefusal(() => presets.save('x'.repeat(MAX_PRESET_NAME + 1), WEB), 'NAME_INVALID');
    await expectRefusal(
      () => presets.save('Bad', { ...WEB, nameTemplate: '{nme}' }),
      'NAME_INVALID',
      '{nme}',
    );
    expect(names()).toEqual(['Web']);
  });

  it('stays a short list', async () => {
    for (let i = 1; i <= MAX_PRESETS; i++) presets.save(`Preset ${i}`, WEB);
    await expectRefusal(() => presets.save('One more', WEB), 'NAME_INVALID', String(MAX_PRESETS));
    expect(presets.save('Preset 1', PRINT)).toHaveLength(MAX_PRESETS);
  });
});
