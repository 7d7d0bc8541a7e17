import { expect, it } from 'vitest';
import { isPhotoName } from '../../../src/renderer/shell/photo-name.ts';

it.each(['a.JPG', 'b.jpeg', 'c.tif', 'd.heic', 'тигр 50 %.webp', 'two.dots.png'])(
  '%s may be a photo',
  (name) => {
    expect(isPhotoName(name)).toBe(true);
  },
);

it.each(['e.txt', '.DS_Store', '._a.jpg', 'jpg', 'photo.jpg.part', ''])('"%s" is none', (name) => {
  expect(isPhotoName(name)).toBe(false);
});
