import type { ApiError } from '../../api/trpc.ts';
import { i18n } from '../i18n/i18n.ts';
import { en } from './messages/en.ts';

type PhraseKey = keyof (typeof en)['engine'];

/** What the engine says, with a group for each value in it. */
const PHRASES: readonly { readonly key: PhraseKey; readonly pattern: RegExp }[] = Object.entries(
  en.engine,
).map(([key, text]) => ({ key: key as PhraseKey, pattern: patternOf(text) }));

function patternOf(phrase: string): RegExp {
  const source = phrase
    .split(/\{\{(\w+)\}\}/)
    .map((part, i) => (i % 2 === 0 ? part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : `(?<${part}>.+?)`))
    .join('');
  return new RegExp(`^${source}$`, 'su');
}

/**
 * A sentence of the engine in another language, the phrases within it too; as it is where the phrase book does not
 * have it, for an English reason is better than none.
 */
export function engineWords(text: string, language: string = i18n.language): string {
  for (const { key, pattern } of PHRASES) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined && text !== en.engine[key]) continue;
    const values = Object.entries(groups ?? {}).map(([name, value]) => [name, engineWords(value, language)]);
    // Every phrase takes other values; the test of the messages holds them to the English ones.
    const say = i18n.getFixedT(language, 'host') as (key: string, values: Record<string, string>) => string;
    return say(`engine.${key}`, Object.fromEntries(values));
  }
  return text;
}

/** A refusal in the window's language. */
export function refusalInWords({ code, message, remedy }: ApiError): ApiError {
  return { code, message: engineWords(message), remedy: engineWords(remedy) };
}
