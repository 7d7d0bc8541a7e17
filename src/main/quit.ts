import type { BatchProgress } from '../core/jobs/batch.ts';
import type { CurrentJob } from '../core/jobs/job.ts';
import { isWorking } from './batch-feed.ts';
import type { Texts } from './messages.ts';

/** What quitting needs of the app. */
export interface QuitTools {
  /** How far the batch is; null where the engine has not told yet. */
  batch(): BatchProgress | null;
  /** Asks the user, with the buttons of {@link quitQuestion}. */
  ask(batch: BatchProgress): Promise<QuitChoice>;
  /** The photo at work is being finished. */
  onFinishing(): void;
  /** Closes the engine, and whatever else must not be cut off. May be called again to park what is being finished. */
  close(current: CurrentJob): Promise<void>;
  /** Everything is closed: the app ends. */
  leave(): void;
}

export type QuitChoice = CurrentJob | 'stay';

/** The order of the buttons, and what the dialog shows. */
export const QUIT_CHOICES: readonly QuitChoice[] = ['finish', 'park', 'stay'];

/** The question as Electron's message box takes it; the safe answer is the default, Escape stays. */
export function quitQuestion({ waiting }: BatchProgress, texts: Texts) {
  const buttons: Record<QuitChoice, string> = {
    finish: texts('quitFinish'),
    park: texts('quitPark'),
    stay: texts('quitStay'),
  };
  const more = waiting === 0 ? [] : [texts('quitWaiting', { count: waiting })];
  return {
    type: 'question' as const,
    message: texts('quitQuestion'),
    detail: [...more, texts('quitKept')].join(' '),
    buttons: QUIT_CHOICES.map((choice) => buttons[choice]),
    defaultId: QUIT_CHOICES.indexOf('finish'),
    cancelId: QUIT_CHOICES.indexOf('stay'),
    noLink: true,
  };
}

/**
 * Quitting, from whichever side it is asked for. While photos are restored the user decides; the queue is in the
 * library in any case. Asking again while a photo is being finished parks it.
 */
export class Quit {
  readonly #tools: QuitTools;
  #state: 'working' | 'asking' | 'finishing' | 'closing' | 'closed' = 'working';

  constructor(tools: QuitTools) {
    this.#tools = tools;
  }

  /** Someone wants the app to end. True where it may; false where {@link QuitTools.leave} follows, or nothing. */
  request(): boolean {
    if (this.#state === 'closed') return true;
    if (this.#state === 'working') void this.#decide();
    else if (this.#state === 'finishing') void this.#close('park');
    return false;
  }

  async #decide(): Promise<void> {
    const batch = this.#tools.batch();
    if (batch === null || !isWorking(batch)) return this.#close('park');
    this.#state = 'asking';
    const choice = await this.#tools.ask(batch);
    if (choice === 'stay') this.#state = 'working';
    else await this.#close(choice);
  }

  async #close(current: CurrentJob): Promise<void> {
    this.#state = current === 'finish' ? 'finishing' : 'closing';
    if (current === 'finish') this.#tools.onFinishing();
    await this.#tools.close(current);
    // Two closings end in the same moment where the first was to finish a photo and the second parked it.
    if ((this.#state as string) === 'closed') return;
    this.#state = 'closed';
    this.#tools.leave();
  }
}
