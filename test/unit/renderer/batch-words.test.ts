import { describe, expect, it } from 'vitest';
import {
  announcement,
  type Batch,
  batchWords,
  timeLeftWords,
  windowTitle,
} from '../../../src/renderer/restore/batch-words.ts';
import { inEnglish } from '../../support/english.ts';

const t = inEnglish('restore');

const at = (done: number, change: Partial<Batch> = {}): Batch => ({
  total: 20,
  done,
  failed: 0,
  waiting: Math.max(0, 19 - done),
  running: done < 20 ? 1 : 0,
  paused: false,
  share: done / 20,
  secondsLeft: (20 - done) * 20,
  ...change,
});

describe('timeLeftWords', () => {
  it.each([
    [0, 'less than a minute left'],
    [44, 'less than a minute left'],
    [46, 'about 1 min left'],
    [170, 'about 3 min left'],
    [59 * 60, 'about 59 min left'],
    [60 * 60, 'about 1 h left'],
    [74 * 60, 'about 1 h 10 min left'],
    [116 * 60, 'about 2 h left'],
    [14.6 * 3600, 'about 15 h left'],
  ])('%d s: %s', (seconds, words) => {
    expect(timeLeftWords(t, seconds)).toBe(words);
  });
});

describe('batchWords', () => {
  it('tells count and time left, the time only where it is known', () => {
    expect(batchWords(t, at(11, { failed: 1, secondsLeft: 175 }))).toBe('12 of 20 · about 3 min left');
    expect(batchWords(t, at(0, { secondsLeft: null }))).toBe('0 of 20');
  });

  it('tells that a pause comes after the photo at work', () => {
    expect(batchWords(t, at(3, { paused: true }))).toBe('3 of 20 · pausing after this photo');
    expect(batchWords(t, at(3, { paused: true, running: 0 }))).toBe('3 of 20 · paused');
  });

  it('stands in the title while there is work', () => {
    expect(windowTitle(t, at(12, { secondsLeft: 60 }))).toBe('12 of 20 · about 1 min left – RASR');
    expect(windowTitle(t, at(20))).toBe('RASR');
  });
});

describe('announcement', () => {
  it('speaks at the beginning, at each quarter and at the end of a batch of 20', () => {
    const idle = at(20, { total: 0, done: 0 });
    const steps = [idle, ...Array.from({ length: 21 }, (_, done) => at(done, { secondsLeft: null }))];
    const spoken = steps.slice(1).map((after, i) => announcement(t, steps[i]!, after));
    expect(spoken.filter((words) => words !== null)).toEqual([
      'Restoring has begun.',
      '5 of 20',
      '10 of 20',
      '15 of 20',
      '20 photos are restored.',
    ]);
  });

  it('is silent about tiles', () => {
    expect(announcement(t, at(3), at(3, { share: 0.17, secondsLeft: 300 }))).toBeNull();
  });

  it('speaks of pauses and of what failed', () => {
    expect(announcement(t, at(3), at(3, { paused: true }))).toBe('Restoring is paused.');
    expect(announcement(t, at(3, { paused: true }), at(3))).toBe('Restoring goes on.');
    // The photo at work is finished after a pause has been told; that is no news.
    expect(announcement(t, at(4, { paused: true }), at(5, { paused: true, running: 0 }))).toBeNull();
    const failed = at(9, { failed: 1, secondsLeft: 200 });
    expect(announcement(t, at(9), failed)).toBe('10 of 20 · about 3 min left, 1 failed');
    expect(announcement(t, at(18, { failed: 1 }), at(20, { done: 18, failed: 2 }))).toBe(
      '18 photos are restored, 2 failed.',
    );
    expect(announcement(t, at(0), at(20, { total: 0, done: 0 }))).toBe('All photos were cancelled.');
  });
});
