/** The keys of the plural forms a language has beyond English's `_one` and `_other`. */
type FurtherForms<Key, Forms extends string> = Key extends `${infer Base}_other` ? `${Base}_${Forms}` : never;

/**
 * The messages of another language: the keys of the English ones, and for each plural the forms that language
 * has beyond `_one` and `_other` (French: `'many'`).
 */
export type Translated<English, Forms extends string = never> = {
  readonly [Key in keyof English | FurtherForms<keyof English, Forms>]: Key extends keyof English
    ? English[Key] extends string
      ? string
      : Translated<English[Key], Forms>
    : string;
};
