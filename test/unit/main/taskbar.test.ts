import { describe, expect, it } from 'vitest';
import { taskbarProgress } from '../../../src/main/taskbar.ts';
import { batch } from '../../support/batch.ts';

const atWork = batch({ total: 4, done: 1, waiting: 2, running: 1, share: 0.3 });

describe('taskbarProgress', () => {
  it('follows the share of the batch, and shows a pause and failures', () => {
    expect(taskbarProgress(atWork)).toEqual({ value: 0.3, mode: 'normal' });
    expect(taskbarProgress({ ...atWork, failed: 1 })).toEqual({ value: 0.3, mode: 'error' });
    expect(taskbarProgress({ ...atWork, failed: 1, paused: true })).toEqual({ value: 0.3, mode: 'paused' });
  });

  it('is taken away when nothing is left to do', () => {
    expect(taskbarProgress({ ...atWork, waiting: 0, running: 0, share: 1 }).value).toBeLessThan(0);
  });
});
