import { describe, expect, it, onTestFinished } from 'vitest';
import { FreshPictures } from '../../../../src/core/galleries/fresh-pictures.ts';

const picture = { data: new Uint8Array(3), width: 1, height: 1 };

/** Whether there is room by the time that everything else that waits has had its turn. */
async function hasRoom(fresh: FreshPictures): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
  return Promise.race([fresh.room().then(() => true), later]);
}

function filled(count: number): FreshPictures {
  const fresh = new FreshPictures();
  for (let i = 0; i < count; i++) fresh.put(`${i}`, picture);
  return fresh;
}

describe('fresh pictures', () => {
  it('are given away once', () => {
    const fresh = filled(2);
    expect(fresh.take('1')).toBe(picture);
    expect(fresh.take('1')).toBeUndefined();
    expect(fresh.take('0')).toBe(picture);
  });

  it('have room for 64, and for more once one is taken', async () => {
    expect(await hasRoom(filled(63))).toBe(true);
    const fresh = filled(64);
    expect(await hasRoom(fresh)).toBe(false);
    const room = fresh.room();
    fresh.take('none');
    expect(await hasRoom(fresh)).toBe(false);
    fresh.take('7');
    await room;
  });

  it('wait for nothing once they are cleared', async () => {
    const fresh = filled(64);
    const room = fresh.room();
    fresh.clear();
    await room;
    expect(fresh.take('0')).toBeUndefined();
  });

  it('let many wait, and nobody is warned of it', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    onTestFinished(() => void process.off('warning', hear));
    const fresh = filled(64);
    const rooms = Array.from({ length: 20 }, () => fresh.room());
    await new Promise((resolve) => setImmediate(resolve));
    fresh.clear();
    await Promise.all(rooms);
    expect(warnings).toEqual([]);
  });

  it('are forgotten, oldest first, where nobody takes them', () => {
    const fresh = filled(130);
    expect(fresh.take('1')).toBeUndefined();
    expect(fresh.take('2')).toBe(picture);
  });
});
