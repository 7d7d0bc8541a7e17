import { expect, it } from 'vitest';
import { isPhotoName, pastedName } from '../../../src/renderer/shell/photo-name.ts';

it.each(['a.JPG', 'b.jpeg', 'c.tif', 'd.heic', 'тигр 50 %.webp', 'two.dots.png'])(
  '%s may be a photo',
  (name) => {
    expect(isPhotoName(name)).toBe(true);
  },
);

it.each(['e.txt', '.DS_Store', '._a.jpg', 'jpg', 'photo.jpg.part', ''])('"%s" is none', (name) => {
  expect(isPhotoName(name)).toBe(false);
});

it('a pasted picture without a name is named by the time', () => {
  const now = new Date(2026, 0, 5, 9, 7, 3);
  expect(pastedName('image.png', now, 'pasted')).toBe('pasted 2026-01-05 09.07.03.png');
  expect(pastedName('тигр.jpg', now, 'pasted')).toBe('тигр.jpg');
});
