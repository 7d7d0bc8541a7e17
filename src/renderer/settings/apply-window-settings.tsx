import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { speak } from '../i18n/i18n.ts';
import { useWindowSettings } from './use-window-settings.ts';

/** Lets the window look and speak as the user chose. */
export function ApplyWindowSettings() {
  const [{ language, theme }] = useWindowSettings();
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => void speak(language), [language]);
  useEffect(() => setColorScheme(theme), [theme, setColorScheme]);
  return null;
}
