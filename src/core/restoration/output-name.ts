import path from 'node:path';
import { RasrError } from '../errors.ts';
import { extensionOf, type ImageFormat } from '../photo/formats.ts';

/** Name given to outputs unless the user says otherwise. */
export const DEFAULT_NAME_TEMPLATE = '{name}-restored';

/** What a name template can stand for. */
export interface NameValues {
  /** The photo's file name without its extension. */
  readonly name: string;
  readonly scale: number;
  /** Gallery of the reference used, or `none`. */
  readonly gallery: string;
  /** YYYY-MM-DD */
  readonly date: string;
}

const PLACEHOLDERS = ['name', 'scale', 'gallery', 'date'] as const satisfies readonly (keyof NameValues)[];
// Separators and what Windows forbids in names; control characters with them.
const FORBIDDEN = /[/\\:*?"<>|\p{Cc}]/gu;

/**
 * Checks a template before any photo is touched.
 *
 * @throws RasrError `NAME_INVALID` on unknown placeholders, folders, or an empty name
 */
export function checkNameTemplate(template: string): void {
  const unknown = [...template.matchAll(/\{([^}]*)\}/g)].find(
    ([, key]) => !PLACEHOLDERS.some((known) => known === key),
  );
  const fault =
    unknown !== undefined
      ? `${unknown[0]} stands for nothing`
      : template.trim() === ''
        ? 'it is empty'
        : template.replace(FORBIDDEN, '') !== template
          ? 'it has characters that file names cannot have everywhere'
          : undefined;
  if (fault === undefined) return;
  throw new RasrError(
    'NAME_INVALID',
    `The name template "${template}" cannot be used: ${fault}.`,
    `Use text with ${PLACEHOLDERS.map((key) => `{${key}}`).join(', ')}; the folder is chosen apart from it.`,
  );
}

/** The output's file name with its extension. */
export function outputName(template: string, values: NameValues, format: ImageFormat): string {
  const name = template.replace(/\{(\w+)\}/g, (_, key: keyof NameValues) =>
    String(values[key]).replace(FORBIDDEN, '-'),
  );
  return `${name}${extensionOf(format)}`;
}

/** The n-th name for an output, counted from 1: `a.jpg`, `a (2).jpg`, … */
export function numberedName(name: string, n: number): string {
  if (n === 1) return name;
  const { name: stem, ext } = path.parse(name);
  return `${stem} (${n})${ext}`;
}

/** A photo's name for the template. */
export function stemOf(file: string): string {
  return path.basename(file, path.extname(file));
}
