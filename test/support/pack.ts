import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, Platform } from 'electron-builder';

// Packs the app as `electron-builder --linux dir` does, by the committed configuration. Electron's own program is
// not needed to see what goes into a package: an empty file stands for it, on which no fuse can be set.

const [output] = process.argv.slice(2);
if (output === undefined) throw new Error('Where to?');
const electronDist = path.join(output, 'electron');
mkdirSync(path.join(electronDist, 'resources'), { recursive: true });
writeFileSync(path.join(electronDist, 'electron'), '');

await build({
  projectDir: path.join(import.meta.dirname, '..', '..'),
  targets: Platform.LINUX.createTarget('dir'),
  publish: 'never',
  config: { electronDist, electronFuses: null, directories: { output: path.join(output, 'dist') } },
});
