import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onDisk, resourcesOf } from '../../../src/core/app-info.ts';

const installed = path.resolve('/opt/RASR/resources');

describe('resourcesOf', () => {
  it('is beside the archive of an Electron package, and in the folder of a clone', () => {
    expect(resourcesOf(path.join(installed, 'app.asar'))).toBe(installed);
    expect(resourcesOf(path.join(installed, 'app.asar.unpacked'))).toBe(installed);
    expect(resourcesOf(path.resolve('/home/ana/rasr'))).toBe(path.resolve('/home/ana/rasr/resources'));
  });
});

describe('onDisk', () => {
  it('leads out of the archive, and leaves every other path as it is', () => {
    const inside = path.join(installed, 'app.asar', 'node_modules', 'vec0.so');
    expect(onDisk(inside)).toBe(path.join(installed, 'app.asar.unpacked', 'node_modules', 'vec0.so'));
    expect(onDisk(onDisk(inside))).toBe(onDisk(inside));
    const elsewhere = path.resolve('/home/ana/my app.asar notes/vec0.so');
    expect(onDisk(elsewhere)).toBe(elsewhere);
  });
});
