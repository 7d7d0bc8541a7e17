import { z } from 'zod';
import { cacheSize, clearCache } from '../core/library/cache.ts';
import type { Library } from '../core/library/library.ts';
import { readSetting, type Setting, writeSetting } from '../core/library/settings.ts';
import { processorName } from '../core/models/device.ts';
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

  /** The devices that photos can be restored on, with what was measured. */
  devices: procedure.query(({ ctx: { engine } }) => ({
    processor: processorName() ?? null,
    /** Hash of the generator in use: what was measured with another one says little. */
    model: engine.activeGenerator().hash,
    devices: engine.devices.list(),
  })),

  /** Measures every device; `devices` tells of each as soon as it is known. */
  measureDevices: procedure.mutation(({ ctx }) => ctx.engine.measureDevices()),

  useDevice: procedure
    .input(z.object({ provider: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.useDevice(input.provider)),

  /** Where the library is, and the bytes of what it keeps only to be faster. */
  storage: procedure.query(async ({ ctx: { engine } }) => ({
    library: engine.library.paths.root,
    cache: await cacheSize(engine.library.paths),
  })),

  clearCache: procedure.mutation(({ ctx }) => clearCache(ctx.engine.library.paths)),
});
