import { expect, it } from 'vitest';
import { foldersAsGalleries } from '../../../src/renderer/galleries/folders-as-galleries.ts';

it('takes direct subfolders as galleries, and what lies in the folder itself under its own name', () => {
  const given = [
    { file: 'a', folders: ['Zoo', 'Tigers'] },
    { file: 'b', folders: ['Zoo', 'Tigers', '2024'] },
    { file: 'c', folders: ['Zoo'] },
    { file: 'd', folders: ['Museum', 'Tiles'] },
    { file: 'e', folders: [] },
  ];
  const galleries = foldersAsGalleries(given).map(
    ({ gallery, files }) => `${gallery}: ${files.map(({ file }) => file).join(' ')}`,
  );
  expect(galleries).toEqual(['Tigers: a b', 'Zoo: c', 'Tiles: d']);
});
