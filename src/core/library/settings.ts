import type { z } from 'zod';
import type { Library } from './library.ts';

/** One thing the user chose, kept in the library so that it is the same in every window and after every restart. */
export interface Setting<Value> {
  /** Its name in the table `setting`. */
  readonly key: string;
  /** What it may be; given at reading too, for an earlier or later version may have written it. */
  readonly schema: z.ZodType<Value>;
  /** What it is until the user chooses. */
  readonly fallback: Value;
}

/** What the user chose; the fallback where that is nothing, or nothing this version understands. */
export function readSetting<Value>(library: Library, { key, schema, fallback }: Setting<Value>): Value {
  const stored = library.setting(key);
  if (stored === undefined) return fallback;
  const parsed = schema.safeParse(parseJson(stored));
  return parsed.success ? parsed.data : fallback;
}

/** Keeps what the user chose. @throws ZodError where it is none of the setting's values */
export function writeSetting<Value>(library: Library, { key, schema }: Setting<Value>, value: Value): void {
  library.setSetting(key, JSON.stringify(schema.parse(value)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
