import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RasrError } from '../../../../src/core/errors.ts';
import { readPhotoHeader } from '../../../../src/core/photo/decode.ts';
import { checkNameTemplate } from '../../../../src/core/restoration/output-name.ts';
import { engineWords } from '../../../../src/renderer/host/engine-words.ts';
import { en } from '../../../../src/renderer/host/messages/en.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { engineSentences } from './engine-sentences.ts';

/** A value that no phrase holds. */
const VALUE = 'Ж9';

describe('the phrase book', () => {
  it.each(['de', 'fr'])('has every sentence of the engine in %s', (language) => {
    const missing = engineSentences()
      // With nothing but values in it there is nothing to translate.
      .filter(({ text }) => /\p{L}{2}/u.test(text))
      .filter(({ text }) => {
        const said = text.replaceAll('§', VALUE);
        return engineWords(said, language) === said;
      });
    expect(missing, 'add them to src/renderer/host/messages').toEqual([]);
  });

  it('says in English what the engine says, and keeps every value', () => {
    for (const { text } of engineSentences()) {
      const said = text.replaceAll('§', VALUE);
      expect(engineWords(said, 'en')).toBe(said);
      const count = (words: string) => words.split(VALUE).length;
      expect(count(engineWords(said, 'de')), said).toBe(count(said));
      expect(count(engineWords(said, 'fr')), said).toBe(count(said));
    }
  });

  it('has no two phrases that are the same', () => {
    const phrases = Object.values(en.engine);
    expect(new Set(phrases).size).toBe(phrases.length);
  });
});

describe('engineWords', () => {
  it('translates real refusals, their names and the phrases within them', async () => {
    const folder = path.join(await temporaryFolder(), 'Ordner {{name}} $&');
    const error = await readPhotoHeader(path.join(folder, 'no.jpg')).catch((reason: unknown) => reason);
    const { message, remedy } = error as RasrError;
    expect(engineWords(message, 'de')).toBe(`${path.join(folder, 'no.jpg')}: Diese Datei gibt es nicht.`);
    expect(engineWords(remedy, 'fr')).toBe('Vérifiez le chemin.');

    let refusal: unknown;
    try {
      checkNameTemplate('{nme}');
    } catch (reason) {
      refusal = reason;
    }
    expect(refusal).toBeInstanceOf(RasrError);
    expect(engineWords((refusal as RasrError).message, 'de')).toBe(
      'Die Namensvorlage „{nme}“ ist nicht brauchbar: {nme} steht für nichts.',
    );
    expect(engineWords('Model a: b.onnx is missing; it was not loaded.', 'fr')).toBe(
      'Modèle a : b.onnx manque ; il n’a pas été chargé.',
    );
  });

  it('leaves what it does not know', () => {
    expect(engineWords('Something else happened.', 'de')).toBe('Something else happened.');
    expect(engineWords('', 'de')).toBe('');
  });
});
