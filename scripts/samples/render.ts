/** Renders resources/samples: `npm run samples`. Equal seeds give equal files. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeJpeg } from './image.ts';
import { photograph } from './phone-shot.ts';
import { PHOTOS } from './photos.ts';
import { REFERENCES } from './references.ts';

const SAMPLES = fileURLToPath(new URL('../../resources/samples/', import.meta.url));
const LICENCE =
  'Rendered by scripts/samples of this repository; no third-party picture. CC0-1.0, or MIT with the code, as you like.';
const REFERENCE_QUALITY = 88;

const started = performance.now();
await rm(join(SAMPLES, 'galleries'), { recursive: true, force: true });
await rm(join(SAMPLES, 'photos'), { recursive: true, force: true });

for (const { gallery, file, render } of REFERENCES) {
  const folder = join(SAMPLES, 'galleries', gallery);
  await mkdir(folder, { recursive: true });
  await writeJpeg(render(), join(folder, file), REFERENCE_QUALITY);
  console.log(`${gallery}/${file}`);
}

await mkdir(join(SAMPLES, 'photos'), { recursive: true });
for (const { file, render, shot } of PHOTOS) {
  await photograph(render(), shot, join(SAMPLES, 'photos', file));
  console.log(`photos/${file}`);
}

const photos = PHOTOS.map(({ file, title, gallery, sameObject, seed }) => ({
  file: `photos/${file}`,
  title,
  gallery,
  sameObject,
  seed,
}));
await writeFile(join(SAMPLES, 'samples.json'), `${JSON.stringify({ licence: LICENCE, photos }, null, 2)}\n`);
console.log(
  `${REFERENCES.length} references, ${PHOTOS.length} photos in ${Math.round((performance.now() - started) / 1000)} s`,
);
