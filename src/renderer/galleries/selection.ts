/** Which references are selected, and which one has the keyboard. */
export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** The cell the keyboard is at; null before the first click. */
  readonly active: number | null;
  /** Where a range begins that Shift extends. */
  readonly anchor: number | null;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), active: null, anchor: null };

/** How a click or a key selects: Shift a range, Ctrl or ⌘ one more or less. */
export interface Modifiers {
  readonly range: boolean;
  readonly toggle: boolean;
}

/** After a click on a cell, or a step onto it by key. */
export function select(
  selection: Selection,
  order: readonly number[],
  id: number,
  { range, toggle }: Modifiers,
): Selection {
  if (range && selection.anchor !== null) {
    const between = rangeOf(order, selection.anchor, id);
    return {
      ids: toggle ? new Set([...selection.ids, ...between]) : new Set(between),
      active: id,
      anchor: selection.anchor,
    };
  }
  if (!toggle) return { ids: new Set([id]), active: id, anchor: id };
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, active: id, anchor: id };
}

/** Moves the keyboard without selecting. */
export function activate(selection: Selection, id: number): Selection {
  return { ...selection, active: id };
}

export function selectAll(selection: Selection, order: readonly number[]): Selection {
  return { ...selection, ids: new Set(order), anchor: order[0] ?? null };
}

export function clear({ active }: Selection): Selection {
  return { ids: new Set(), active, anchor: null };
}

/** What is left of a selection in another order, which may lack some. The same one where nothing is lost. */
export function kept(selection: Selection, order: readonly number[]): Selection {
  const there = new Set(order);
  const known = (id: number | null) => (id !== null && there.has(id) ? id : null);
  const ids = [...selection.ids].filter((id) => there.has(id));
  const active = known(selection.active);
  const anchor = known(selection.anchor);
  if (ids.length === selection.ids.size && active === selection.active && anchor === selection.anchor) {
    return selection;
  }
  return { ids: new Set(ids), active, anchor };
}

/** The cell a key leads to from the active one, or undefined where the key leads nowhere. */
export function step(
  order: readonly number[],
  active: number | null,
  key: string,
  columns: number,
  rowsOfPage: number,
): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * rowsOfPage,
    PageUp: -columns * rowsOfPage,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  const by = steps[key];
  if (by === undefined) return undefined;
  const at = active === null ? -1 : order.indexOf(active);
  if (at < 0) return key === 'End' ? order.at(-1) : order[0];
  const to = at + by;
  // Up from the first row and down from the last stay; the others end at the ends.
  if ((key === 'ArrowUp' && to < 0) || (key === 'ArrowDown' && to >= order.length)) return order[at];
  return order[Math.min(order.length - 1, Math.max(0, to))];
}

function rangeOf(order: readonly number[], from: number, to: number): number[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  return a < 0 ? [to] : order.slice(Math.min(a, b), Math.max(a, b) + 1);
}
