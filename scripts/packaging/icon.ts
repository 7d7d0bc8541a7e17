import path from 'node:path';
import sharp from 'sharp';

/** Renders packaging/icon.png, from which electron-builder makes the icons of all systems. */
const folder = path.join(import.meta.dirname, '..', '..', 'packaging');

await sharp(path.join(folder, 'icon.svg'), { density: 72 })
  .resize(1024, 1024)
  .png({ compressionLevel: 9, palette: true })
  .toFile(path.join(folder, 'icon.png'));
