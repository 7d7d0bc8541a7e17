import { describe, expect, it } from 'vitest';
import { exampleName } from '../../../../src/core/jobs/example-name.ts';
import { expectRefusal } from '../../../support/refusal.ts';

const settings = {
  scale: 4,
  referenceStrength: 1,
  format: 'keep',
  nameTemplate: '{name}-{gallery}-x{scale}',
} as const;

describe('exampleName', () => {
  it('follows the template, the photo and the format', () => {
    expect(exampleName('Тигр 1.TIFF', settings, 'Big cats')).toBe('Тигр 1-Big cats-x4.tif');
    expect(exampleName('a.jpeg', settings, 'none')).toBe('a-none-x4.jpg');
    expect(exampleName('a.b.heic', { ...settings, format: 'png' }, 'none')).toBe('a.b-none-x4.png');
    const dated = exampleName('a.webp', { ...settings, nameTemplate: '{date} {name}' }, 'none');
    expect(dated).toMatch(/^\d{4}-\d\d-\d\d a\.webp$/);
  });

  it('says what is wrong with a template', async () => {
    await expectRefusal(
      () => exampleName('a.jpg', { ...settings, nameTemplate: '{nme}' }, 'none'),
      'NAME_INVALID',
    );
    await expectRefusal(
      () => exampleName('a.jpg', { ...settings, nameTemplate: 'a/b' }, 'none'),
      'NAME_INVALID',
    );
  });
});
