import { describe, expect, it } from 'vitest';
import type { BatchProgress } from '../../../src/core/jobs/batch.ts';
import type { CurrentJob } from '../../../src/core/jobs/job.ts';
import { textsIn } from '../../../src/main/messages.ts';
import { QUIT_CHOICES, Quit, type QuitChoice, quitQuestion } from '../../../src/main/quit.ts';
import { batch } from '../../support/batch.ts';

const WORKING = batch({ total: 3, waiting: 2, running: 1 });

/** An app whose user and engine answer when the test says so. */
function app(latest: BatchProgress | null) {
  const events: string[] = [];
  let asked = Promise.withResolvers<QuitChoice>();
  const closed = Promise.withResolvers<void>();
  const quit = new Quit({
    batch: () => latest,
    ask: () => {
      events.push('ask');
      asked = Promise.withResolvers<QuitChoice>();
      return asked.promise;
    },
    onFinishing: () => events.push('finishing'),
    close: (current: CurrentJob) => {
      events.push(`close ${current}`);
      return closed.promise;
    },
    leave: () => events.push('leave'),
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    quit,
    events,
    async choose(choice: QuitChoice) {
      asked.resolve(choice);
      await settled();
    },
    async engineCloses() {
      closed.resolve();
      await settled();
    },
  };
}

describe('Quit', () => {
  it.each([
    ['the engine has not told', null],
    ['nothing is to do', batch({ total: 4, done: 4 })],
    ['the queue is paused', batch({ total: 4, waiting: 4, paused: true })],
  ])('asks nothing where %s, but closes the engine first', async (_why, latest) => {
    const { quit, events, engineCloses } = app(latest);
    expect(quit.request()).toBe(false);
    expect(events).toEqual(['close park']);
    await engineCloses();
    expect(events).toEqual(['close park', 'leave']);
    expect(quit.request()).toBe(true);
  });

  it('asks once while a photo is restored, and stays where the user wants to', async () => {
    const { quit, events, choose } = app(WORKING);
    expect(quit.request()).toBe(false);
    expect(quit.request()).toBe(false);
    expect(events).toEqual(['ask']);
    await choose('stay');
    expect(events).toEqual(['ask']);
    expect(quit.request()).toBe(false);
    expect(events).toEqual(['ask', 'ask']);
  });

  it('parks the photo and leaves', async () => {
    const { quit, events, choose, engineCloses } = app(WORKING);
    quit.request();
    await choose('park');
    // Asked again meanwhile: it is on its way.
    expect(quit.request()).toBe(false);
    await engineCloses();
    expect(events).toEqual(['ask', 'close park', 'leave']);
  });

  it('finishes the photo and leaves', async () => {
    const { quit, events, choose, engineCloses } = app(WORKING);
    quit.request();
    await choose('finish');
    expect(events).toEqual(['ask', 'finishing', 'close finish']);
    expect(quit.request()).toBe(false);
    await engineCloses();
    expect(events.filter((event) => event === 'leave')).toHaveLength(1);
  });

  it('parks what it finishes when asked once more, and leaves once', async () => {
    const { quit, events, choose, engineCloses } = app(WORKING);
    quit.request();
    await choose('finish');
    quit.request();
    await engineCloses();
    expect(events).toEqual(['ask', 'finishing', 'close finish', 'close park', 'leave']);
    expect(quit.request()).toBe(true);
  });
});

describe('quitQuestion', () => {
  it('finishes by default, stays on Escape, and says that nothing is lost', () => {
    const { buttons, defaultId, cancelId, detail } = quitQuestion(WORKING, textsIn('en'));
    expect(QUIT_CHOICES[defaultId]).toBe('finish');
    expect(QUIT_CHOICES[cancelId]).toBe('stay');
    expect(buttons).toEqual(['Finish This Photo, Then Quit', 'Quit Now', 'Keep Working']);
    expect(detail).toBe(
      '2 more photos are waiting. Nothing is lost: RASR goes on with the queue when it is opened again.',
    );
    expect(quitQuestion(batch({ running: 1 }), textsIn('en')).detail).toMatch(/^Nothing is lost/);
  });
});
