import { createContext, type ReactNode, useContext, useMemo, useReducer } from 'react';
import { asApiError, useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { type ImportResults, type ImportsState, reduceImports } from './import-state.ts';

/** Imports of references. They go on while other views are open. */
export interface Imports {
  readonly imports: ImportsState;
  addReferences(galleryId: number, files: readonly File[]): Promise<void>;
  dismiss(galleryId: number): void;
}

const ImportsContext = createContext<Imports | null>(null);

export function useImports(): Imports {
  const imports = useContext(ImportsContext);
  if (imports === null) throw new Error('useImports needs an ImportsProvider around it.');
  return imports;
}

/** Files imported per call: enough to keep every core busy, few enough to show progress. */
const PORTION = 8;

export function ImportsProvider({ children }: { children: ReactNode }) {
  const { client, query, queryClient } = useApi();
  const host = useHost();
  const [imports, dispatch] = useReducer(reduceImports, {});

  const actions = useMemo(() => {
    async function importPortion(galleryId: number, files: readonly File[]): Promise<ImportResults> {
      const handed = await host.handOver(files);
      const taken = handed.flatMap((result) => (result.kind === 'taken' ? [result] : []));
      const outcomes =
        taken.length === 0
          ? []
          : await client.galleries.importPhotos.mutate({
              galleryId,
              photoIds: taken.map(({ photo }) => photo.id),
            });
      const count = (kind: 'added' | 'duplicate') => outcomes.filter((one) => one.kind === kind).length;
      return {
        added: count('added'),
        duplicates: count('duplicate'),
        refused: [
          ...handed.flatMap((one) =>
            one.kind === 'refused'
              ? [{ name: one.name, message: one.error.message, remedy: one.error.remedy }]
              : [],
          ),
          ...outcomes.flatMap(({ kind, message }, i) =>
            kind === 'refused' ? [{ name: taken[i]!.name, message: message ?? '', remedy: '' }] : [],
          ),
        ],
      };
    }

    return {
      async addReferences(galleryId: number, files: readonly File[]) {
        dispatch({ kind: 'begun', galleryId, files: files.length });
        for (let i = 0; i < files.length; i += PORTION) {
          const portion = files.slice(i, i + PORTION);
          const results = await importPortion(galleryId, portion).catch((error: unknown) => {
            const { message, remedy } = asApiError(error);
            const refused = portion.map(({ name }) => ({ name, message, remedy }));
            return { added: 0, duplicates: 0, refused };
          });
          dispatch({ kind: 'portion', galleryId, results });
          void queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() });
        }
      },
      dismiss: (galleryId: number) => dispatch({ kind: 'dismissed', galleryId }),
    };
  }, [client, host, query, queryClient]);

  return <ImportsContext value={{ imports, ...actions }}>{children}</ImportsContext>;
}
