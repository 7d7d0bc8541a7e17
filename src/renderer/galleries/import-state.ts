import type { ImportEvent } from '../../api/gallery-views.ts';

type Snapshot = Extract<ImportEvent, { kind: 'snapshot' }>;
export type Import = Snapshot['imports'][number];
export type ImportFile = Snapshot['files'][number];

/** An import with its files in the order they were given. */
export interface ListedImport extends Import {
  readonly files: readonly ImportFile[];
}

/** Imports by their id. Nothing but the engine's events changes them, so a reload shows the same. */
export type ImportsState = ReadonlyMap<number, ListedImport>;

/** What became of a file, as the list shows it. */
export type FileState = 'waiting' | 'added' | 'duplicate' | 'small' | 'blurred' | 'unreadable';
export const FILE_STATES: readonly FileState[] = [
  'added',
  'duplicate',
  'small',
  'blurred',
  'unreadable',
  'waiting',
];

export function fileState({ state, code }: Pick<ImportFile, 'state' | 'code'>): FileState {
  if (state !== 'refused') return state;
  if (code === 'IMAGE_TOO_SMALL') return 'small';
  return code === 'IMAGE_BLURRED' ? 'blurred' : 'unreadable';
}

/** Files of each state. */
export function countStates({ files }: ListedImport): Record<FileState, number> {
  const counts = { waiting: 0, added: 0, duplicate: 0, small: 0, blurred: 0, unreadable: 0 };
  for (const file of files) counts[fileState(file)]++;
  return counts;
}

/** How many files of an import are through, and of how many. */
export function importProgress(one: ListedImport): { done: number; total: number } {
  const waiting = one.files.filter(({ state }) => state === 'waiting').length;
  return { done: one.files.length - waiting, total: one.expected - one.missing };
}

export function isRunning(one: ListedImport): boolean {
  const { done, total } = importProgress(one);
  return done < total;
}

/** The imports after events. Several at a time: a thousand files are not a thousand renderings. */
export function reduceImports(state: ImportsState, events: readonly ImportEvent[]): ImportsState {
  const imports = new Map<number, Import & { files: ImportFile[] }>();
  for (const [id, one] of state) imports.set(id, { ...one, files: [...one.files] });
  for (const event of events) {
    switch (event.kind) {
      case 'snapshot':
        imports.clear();
        for (const one of event.imports) imports.set(one.id, { ...one, files: [] });
        for (const file of event.files) imports.get(file.importId)?.files.push(file);
        break;
      case 'import':
        imports.set(event.import.id, { ...event.import, files: imports.get(event.import.id)?.files ?? [] });
        break;
      case 'file':
        placeFile(imports.get(event.file.importId)?.files, event.file);
        break;
      case 'removed':
        imports.delete(event.importId);
    }
  }
  return imports;
}

/** Files come in the order of their ids, and change from the first waiting one on: looked for from the end. */
function placeFile(files: ImportFile[] | undefined, file: ImportFile): void {
  if (files === undefined) return;
  let at = files.length;
  while (at > 0 && files[at - 1]!.id > file.id) at--;
  if (at > 0 && files[at - 1]!.id === file.id) files[at - 1] = file;
  else files.splice(at, 0, file);
}
