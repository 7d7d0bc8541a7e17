import type { JobView } from '../../api/views.ts';

type Settings = JobView['settings'];

/** References the user decides on for one photo, by their ids. */
export interface Choice {
  /** Used beside what is found. */
  readonly pinned: readonly number[];
  /** Not used. */
  readonly excluded: readonly number[];
  /** Used instead of what would be found; empty for searching. */
  readonly chosen: readonly number[];
}

/** What a choice means for one reference. `left`: others were chosen instead. */
export type Part = 'found' | 'pinned' | 'excluded' | 'chosen' | 'left';

/** What a job was started with. */
export function choiceOf({ handPicked }: Settings): Choice {
  return handPicked ?? { pinned: [], excluded: [], chosen: [] };
}

export function partOf({ pinned, excluded, chosen }: Choice, id: number): Part {
  if (chosen.length > 0) return chosen.includes(id) ? 'chosen' : 'left';
  if (excluded.includes(id)) return 'excluded';
  return pinned.includes(id) ? 'pinned' : 'found';
}

/** Pins a reference, or lets it go. */
export function togglePinned({ pinned, excluded, chosen }: Choice, id: number): Choice {
  return { pinned: toggled(pinned, id), excluded: without(excluded, id), chosen };
}

/** Excludes a reference, or takes it back. Of those chosen it is taken out. */
export function toggleExcluded({ pinned, excluded, chosen }: Choice, id: number): Choice {
  if (chosen.length > 0) return { pinned, excluded, chosen: toggled(chosen, id) };
  return { pinned: without(pinned, id), excluded: toggled(excluded, id), chosen };
}

/** Chooses references by hand; none for searching again. */
export function choose(chosen: readonly number[]): Choice {
  return { pinned: [], excluded: [], chosen };
}

/** Whether two choices ask for the same, in whatever order they were made. */
export function sameChoice(a: Choice, b: Choice): boolean {
  return (['pinned', 'excluded', 'chosen'] as const).every(
    (part) => a[part].length === b[part].length && a[part].every((id) => b[part].includes(id)),
  );
}

/** A job's settings with another choice. One that was to use no reference searches, and at full strength. */
export function settingsWith(settings: Settings, { pinned, excluded, chosen }: Choice): Settings {
  return {
    ...settings,
    gallery: settings.gallery === 'none' ? 'find' : settings.gallery,
    referenceStrength: settings.referenceStrength === 0 ? 1 : settings.referenceStrength,
    handPicked: { pinned: [...pinned], excluded: [...excluded], chosen: [...chosen] },
  };
}

function toggled(ids: readonly number[], id: number): number[] {
  return ids.includes(id) ? without(ids, id) : [...ids, id];
}

function without(ids: readonly number[], id: number): number[] {
  return ids.filter((other) => other !== id);
}
