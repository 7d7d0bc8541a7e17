import {
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
  Modal,
  mergeThemeOverrides,
  Notification,
} from '@mantine/core';
import type { TFunction } from 'i18next';

/** Neutral greys: tinted surroundings would change how the colours of a photo are judged. */
const gray: MantineColorsTuple = [
  '#fafafa',
  '#f3f3f3',
  '#e9e9e9',
  '#dcdcdc',
  '#c6c6c6',
  '#9a9a9a',
  '#666666',
  '#4d4d4d',
  '#383838',
  '#262626',
];

const dark: MantineColorsTuple = [
  '#d6d6d6',
  '#bdbdbd',
  '#a3a3a3',
  '#7d7d7d',
  '#4a4a4a',
  '#3a3a3a',
  '#2c2c2c',
  '#212121',
  '#1a1a1a',
  '#121212',
];

const theme = createTheme({
  colors: { gray, dark },
  primaryColor: 'cyan',
  // The darkest shade: white text on it has a contrast of 5.6.
  primaryShade: 9,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  headings: { fontWeight: '600' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem' },
});

/** The theme, with the words its components bring along. @param t says them in the window's language */
export function themeIn(t: TFunction<'shell'>): MantineThemeOverride {
  // A button with nothing but a cross in it has no name of its own.
  return mergeThemeOverrides(theme, {
    components: {
      Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': t('close') } } }),
      Notification: Notification.extend({
        defaultProps: { closeButtonProps: { 'aria-label': t('dismiss') } },
      }),
    },
  });
}
