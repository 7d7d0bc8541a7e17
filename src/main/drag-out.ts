import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '../api/router.ts';

/** What Electron's `startDrag` takes. */
export interface DragItem {
  readonly file: string;
  readonly files: string[];
  /** Path of a small PNG, shown under the pointer. */
  readonly icon: string;
}

/**
 * The outputs of finished jobs, as files to drag out of the window. Only jobs are named, so nothing but what the
 * engine made can leave this way; jobs without an output are left out, and null is what is left of none.
 */
export async function dragItem(
  client: TRPCClient<AppRouter>,
  jobIds: readonly string[],
): Promise<DragItem | null> {
  const found = await Promise.all(
    jobIds.map(async (id) => {
      try {
        return { id, file: (await client.pictureFile.query({ kind: 'result-file', id })).file };
      } catch {
        return null;
      }
    }),
  );
  const results = found.filter((result) => result !== null);
  const [first] = results;
  if (first === undefined) return null;
  const icon = await client.pictureFile.query({ kind: 'result-icon', id: first.id });
  return { file: first.file, files: results.map(({ file }) => file), icon: icon.file };
}
