/** Figures that belong together: rows of the same kind of numbers. */
export interface FigureTable {
  /** Names from the outside in: where in the manifest the table stands. */
  readonly path: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: Readonly<Record<string, number>> }[];
}

/**
 * A manifest's `metrics` as tables. A manifest may nest its figures as it likes: objects that hold numbers are rows,
 * and neighbours with a figure in common share a table.
 */
export function figureTables(metrics: Readonly<Record<string, unknown>>): FigureTable[] {
  return tablesOf(metrics, []);
}

function tablesOf(node: Readonly<Record<string, unknown>>, path: readonly string[]): FigureTable[] {
  const rows: FigureTable['rows'][number][] = [];
  const deeper: FigureTable[] = [];
  const own = numbersOf(node);
  if (Object.keys(own).length > 0) rows.push({ name: '', values: own });
  for (const [name, child] of Object.entries(node)) {
    if (!isRecord(child)) continue;
    const values = numbersOf(child);
    if (Object.keys(values).length > 0 && !Object.values(child).some(isRecord)) rows.push({ name, values });
    else deeper.push(...tablesOf(child, [...path, name]));
  }
  return [...joined(rows).map((table) => ({ path, ...table })), ...deeper];
}

/** Rows in tables; each goes to the first that has one of its columns. */
function joined(rows: FigureTable['rows']): Pick<FigureTable, 'columns' | 'rows'>[] {
  const tables: { columns: string[]; rows: FigureTable['rows'][number][] }[] = [];
  for (const row of rows) {
    const names = Object.keys(row.values);
    let table = tables.find(({ columns }) => names.some((name) => columns.includes(name)));
    if (table === undefined) {
      table = { columns: [], rows: [] };
      tables.push(table);
    }
    const { columns } = table;
    columns.push(...names.filter((name) => !columns.includes(name)));
    table.rows.push(row);
  }
  return tables;
}

/** What to say of a model in a line. */
export type Headline =
  | { readonly kind: 'psnr'; readonly value: number; readonly bicubic: number }
  | { readonly kind: 'recall'; readonly share: number };

/** The figure that says most, where the manifest has one of those that we know; else null. */
export function headline(tables: readonly FigureTable[]): Headline | null {
  const psnr = (table: FigureTable, row: string) => table.rows.find(({ name }) => name === row)?.values.psnr;
  const compared = tables.filter((table) => psnr(table, 'bicubic') !== undefined);
  const table = compared.find(({ path }) => path.at(-1) === 'all') ?? compared[0];
  if (table !== undefined) {
    const value = psnr(table, 'retrieved') ?? psnr(table, 'none');
    if (value !== undefined) return { kind: 'psnr', value, bicubic: psnr(table, 'bicubic')! };
  }
  const poor = tables.find(({ path }) => path.includes('embedded') && path.includes('medium'));
  const share = poor?.rows.find(({ name }) => name === 'instance')?.values.recallAt1;
  return share === undefined ? null : { kind: 'recall', share };
}

/** Shares are kept 0…1 under these names. */
const SHARE = /share$|^recall/i;

/** How a figure is written: by the name it has in the manifest. */
export function isShare(name: string): boolean {
  return SHARE.test(name);
}

/** A name nobody has translated, in words: `sameObjectKept` → `same object kept`. */
export function nameInWords(name: string): string {
  return name.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}

function numbersOf(node: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(node).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
