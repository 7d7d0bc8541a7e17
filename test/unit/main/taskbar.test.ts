import { describe, expect, it } from 'vitest';
import { taskbarProgress } from '../../../src/main/taskbar.ts';

const batch = {
  total: 4,
  done: 1,
  failed: 0,
  waiting: 2,
  running: 1,
  paused: false,
  share: 0.3,
  secondsLeft: null,
};

describe('taskbarProgress', () => {
  it('follows the share of the batch, and shows a pause and failures', () => {
    expect(taskbarProgress(batch)).toEqual({ value: 0.3, mode: 'normal' });
    expect(taskbarProgress({ ...batch, failed: 1 })).toEqual({ value: 0.3, mode: 'error' });
    expect(taskbarProgress({ ...batch, failed: 1, paused: true })).toEqual({ value: 0.3, mode: 'paused' });
  });

  it('is taken away when nothing is left to do', () => {
    expect(taskbarProgress({ ...batch, waiting: 0, running: 0, share: 1 }).value).toBeLessThan(0);
  });
});
