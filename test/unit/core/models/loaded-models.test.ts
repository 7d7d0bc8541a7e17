import { describe, expect, it } from 'vitest';
import { RasrError } from '../../../../src/core/errors.ts';
import { LoadedModels } from '../../../../src/core/models/loaded-models.ts';

class Model {
  readonly hash: string;
  released = false;

  constructor(hash: string) {
    this.hash = hash;
  }

  async release(): Promise<void> {
    this.released = true;
  }
}

const models = () => new LoadedModels<{ retriever: Model; generator: Model; fusion: Model }>();
const load = (hash: string) => async () => new Model(hash);

describe('LoadedModels', () => {
  it('releases a model only after the calls that use it', async () => {
    const loaded = models();
    const call = Promise.withResolvers<void>();
    const model = Promise.withResolvers<Model>();
    const using = loaded.use(async () => {
      model.resolve(await loaded.get('generator', 'a', load('a')));
      await call.promise;
    });
    const used = await model.promise;
    const released = loaded.release('generator');
    // The next call has its own at once.
    expect(await loaded.get('generator', 'a', load('a'))).not.toBe(used);
    expect(used.released).toBe(false);
    call.resolve();
    await Promise.all([using, released]);
    expect(used.released).toBe(true);
  });

  it('loads anew where another bundle is in use now', async () => {
    const loaded = models();
    const first = await loaded.get('fusion', 'a', load('a'));
    expect(await loaded.get('fusion', 'a', load('never'))).toBe(first);
    const second = await loaded.get('fusion', 'b', load('b'));
    expect(second.hash).toBe('b');
    await expect.poll(() => first.released).toBe(true);
    expect(second.released).toBe(false);
  });

  it('keeps models after a refusal and lets them go after any other failure', async () => {
    const loaded = models();
    const model = await loaded.get('retriever', 'a', load('a'));
    const refusal = new RasrError('IMAGE_DAMAGED', 'It is no picture.', 'Choose another one.');
    await expect(loaded.use(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await loaded.get('retriever', 'a', load('never'))).toBe(model);
    await expect(loaded.use(() => Promise.reject(new Error('The thread is gone')))).rejects.toThrow('gone');
    await expect.poll(() => model.released).toBe(true);
  });
});
