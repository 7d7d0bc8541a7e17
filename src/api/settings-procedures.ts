import { z } from 'zod';
import type { Library } from '../core/library/library.ts';
import { readSetting, type Setting, writeSetting } from '../core/library/settings.ts';
import { procedure, router } from './trpc.ts';

const windowSettings = z.object({
  /** null: the one the user's system prefers. */
  language: z.enum(['en', 'de', 'fr']).nullable(),
  /** `auto`: as the user's system has it. */
  theme: z.enum(['auto', 'light', 'dark']),
});

/** How the window looks and speaks. */
export type WindowSettings = z.infer<typeof windowSettings>;

const LANGUAGE: Setting<WindowSettings['language']> = {
  key: 'language',
  schema: windowSettings.shape.language,
  fallback: null,
};

const THEME: Setting<WindowSettings['theme']> = {
  key: 'theme',
  schema: windowSettings.shape.theme,
  fallback: 'auto',
};

function readWindowSettings(library: Library): WindowSettings {
  return { language: readSetting(library, LANGUAGE), theme: readSetting(library, THEME) };
}

export const settings = router({
  window: procedure.query(({ ctx }) => readWindowSettings(ctx.engine.library)),

  /** Changes what is given, and tells all. */
  setWindow: procedure.input(windowSettings.partial()).mutation(({ ctx: { engine }, input }) => {
    const { language, theme } = input;
    if (language !== undefined) writeSetting(engine.library, LANGUAGE, language);
    if (theme !== undefined) writeSetting(engine.library, THEME, theme);
    return readWindowSettings(engine.library);
  }),
});
