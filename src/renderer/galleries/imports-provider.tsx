import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { ImportEvent } from '../../api/gallery-views.ts';
import { asApiError, useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { type ImportsState, reduceImports } from './import-state.ts';

/** Imports of references. They go on while other views are open. */
export interface Imports {
  readonly imports: ImportsState;
  addReferences(galleryId: number, files: readonly File[]): Promise<void>;
  dismiss(importId: number): void;
}

const ImportsContext = createContext<Imports | null>(null);

export function useImports(): Imports {
  const imports = useContext(ImportsContext);
  if (imports === null) throw new Error('useImports needs an ImportsProvider around it.');
  return imports;
}

/** Files handed over per call: enough to keep the engine busy, few enough to show progress. */
const PORTION = 8;
/** Pause before a subscription that ended is taken up again, and between two renderings, in ms. */
const RETRY_MS = 1500;
const FLUSH_MS = 120;
/** The galleries' counts follow an import this often, in ms. */
const COUNT_MS = 700;

/** What this tab hands over, remembered over a reload: what had not gone then will not come. */
const HANDING_OVER = 'rasr-handing-over';

export function ImportsProvider({ children }: { children: ReactNode }) {
  const { client, query, queryClient } = useApi();
  const host = useHost();
  const imports = useImportEvents();

  const actions = useMemo(() => {
    async function handOver(importId: number, files: readonly File[]): Promise<void> {
      const handed = await host.handOver(files);
      await client.galleries.imports.add.mutate({
        importId,
        photoIds: handed.flatMap((one) => (one.kind === 'taken' ? [one.photo.id] : [])),
        refused: handed.flatMap((one) => (one.kind === 'refused' ? [{ name: one.name, ...one.error }] : [])),
      });
    }

    return {
      async addReferences(galleryId: number, files: readonly File[]) {
        const { id } = await client.galleries.imports.begin.mutate({ galleryId, files: files.length });
        remember((ids) => [...ids, id]);
        for (let i = 0; i < files.length; i += PORTION) {
          const portion = files.slice(i, i + PORTION);
          await handOver(id, portion).catch(async (error: unknown) => {
            const refusal = asApiError(error);
            const refused = portion.map(({ name }) => ({ name, ...refusal }));
            await client.galleries.imports.add
              .mutate({ importId: id, photoIds: [], refused })
              .catch(() => {});
          });
        }
        remember((ids) => ids.filter((other) => other !== id));
      },
      dismiss: (importId: number) => void client.galleries.imports.dismiss.mutate({ importId }),
    };
  }, [client, host]);

  // Whatever is added or over shows in the galleries.
  const through = [...imports.values()].reduce(
    (sum, { files }) => sum + files.filter(({ state }) => state === 'added').length,
    0,
  );
  useEffect(() => {
    if (through === 0) return;
    const timer = setTimeout(() => {
      for (const key of [query.galleries.list.queryKey(), query.galleries.order.pathKey()]) {
        void queryClient.invalidateQueries({ queryKey: key });
      }
    }, COUNT_MS);
    return () => clearTimeout(timer);
  }, [through, query, queryClient]);

  return <ImportsContext value={{ imports, ...actions }}>{children}</ImportsContext>;
}

/** The engine's imports as they are. */
function useImportEvents(): ImportsState {
  const { client } = useApi();
  const [state, setState] = useState<ImportsState>(new Map());

  useEffect(() => {
    for (const importId of handingOver()) void client.galleries.imports.close.mutate({ importId });
    remember(() => []);
    let waiting: ImportEvent[] = [];
    let flushing: ReturnType<typeof setTimeout> | undefined;
    let retrying: ReturnType<typeof setTimeout> | undefined;
    let subscription = subscribe();

    function flush() {
      flushing = undefined;
      const events = waiting;
      waiting = [];
      setState((before) => reduceImports(before, events));
    }
    function subscribe() {
      const again = () => {
        clearTimeout(retrying);
        retrying = setTimeout(() => {
          subscription.unsubscribe();
          subscription = subscribe();
        }, RETRY_MS);
      };
      return client.galleries.imports.events.subscribe(undefined, {
        onData(event) {
          waiting.push(event);
          flushing ??= setTimeout(flush, FLUSH_MS);
        },
        onError: again,
        onComplete: again,
      });
    }

    return () => {
      clearTimeout(flushing);
      clearTimeout(retrying);
      subscription.unsubscribe();
    };
  }, [client]);

  return state;
}

function handingOver(): number[] {
  return (sessionStorage.getItem(HANDING_OVER) ?? '').split(',').filter(Boolean).map(Number);
}

function remember(change: (ids: number[]) => number[]): void {
  sessionStorage.setItem(HANDING_OVER, change(handingOver()).join(','));
}
