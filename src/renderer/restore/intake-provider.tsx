import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from 'react';
import type { ApiError } from '../../api/trpc.ts';
import { asApiError, useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import type { HandedOver } from '../host/host.ts';
import type { GivenFile } from '../shell/dropped-files.ts';
import type { Settings } from './settings.ts';

/** A file that was not taken, and why. */
export interface Refusal {
  readonly key: number;
  readonly name: string;
  readonly error: ApiError;
}

/** Files on their way in. */
export interface Intake {
  /** How many of the files given are handed over; null while nothing is on its way. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly refused: readonly Refusal[];
  /**
   * Hands files to the engine and starts restoring each as soon as it is there.
   *
   * @param onFirst receives the first job's id
   */
  takeIn(given: readonly GivenFile[], settings: Settings, onFirst: (jobId: string) => void): Promise<void>;
  /** Starts restoring files that the host has handed over itself. @returns the first job's id */
  start(files: readonly HandedOver[], settings: Settings): Promise<string | undefined>;
  dismissRefused(): void;
}

const IntakeContext = createContext<Intake | null>(null);

export function useIntake(): Intake {
  const intake = useContext(IntakeContext);
  if (intake === null) throw new Error('useIntake needs an IntakeProvider around it.');
  return intake;
}

/** Files handed over before their jobs start: few, so that the first photo does not wait for the last. */
const PORTION = 4;

export function IntakeProvider({ children }: { children: ReactNode }) {
  const { client } = useApi();
  const host = useHost();
  const [progress, setProgress] = useState<Intake['progress']>(null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const lastKey = useRef(0);

  const actions = useMemo(() => {
    const refuse = (name: string, error: ApiError) => {
      lastKey.current += 1;
      const refusal = { key: lastKey.current, name, error };
      setRefused((list) => [...list, refusal]);
    };
    // Two drops in a row add to one count, and the count goes when both are through.
    const count = (done: number, total: number) =>
      setProgress((old) => {
        const next = { done: (old?.done ?? 0) + done, total: (old?.total ?? 0) + total };
        return next.done === next.total ? null : next;
      });

    async function start(results: readonly HandedOver[], settings: Settings): Promise<string | undefined> {
      for (const result of results) if (result.kind === 'refused') refuse(result.name, result.error);
      const photoIds = results.flatMap((result) => (result.kind === 'taken' ? [result.photo.id] : []));
      if (photoIds.length === 0) return undefined;
      const jobs = await client.jobs.start.mutate({ photoIds, settings });
      return jobs[0]?.id;
    }

    return {
      start,
      async takeIn(given: readonly GivenFile[], settings: Settings, onFirst: (jobId: string) => void) {
        let first: string | undefined;
        count(0, given.length);
        for (let i = 0; i < given.length; i += PORTION) {
          const portion = given.slice(i, i + PORTION);
          try {
            const handed = await host.handOver(
              portion.map(({ file }) => file),
              portion.map(({ folders }) => folders),
            );
            const id = await start(handed, settings);
            if (first === undefined && id !== undefined) onFirst(id);
            first ??= id;
          } catch (error) {
            for (const { file } of portion) refuse(file.name, asApiError(error));
          }
          count(portion.length, 0);
        }
      },
      dismissRefused: () => setRefused([]),
    };
  }, [client, host]);

  return <IntakeContext value={{ progress, refused, ...actions }}>{children}</IntakeContext>;
}
