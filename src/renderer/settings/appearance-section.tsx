import { Input, SegmentedControl, Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language, preferredLanguage } from '../i18n/languages.ts';
import { Section } from './section.tsx';
import { THEMES, type Theme, useWindowSettings } from './use-window-settings.ts';

/** Stands for "no choice": the language the system prefers. */
const SYSTEM = 'system';

/** The window's language and colours. */
export function AppearanceSection() {
  const { t } = useTranslation(['settings', 'shell']);
  const [{ language, theme }, change] = useWindowSettings();
  const system = LANGUAGES[preferredLanguage(navigator.languages)];
  return (
    <Section title={t('appearance.title')} lead={t('appearance.themeMeaning')}>
      <Select
        label={t('appearance.language')}
        w={280}
        allowDeselect={false}
        data={[
          { value: SYSTEM, label: t('appearance.asSystem', { language: system }) },
          ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })),
        ]}
        value={language ?? SYSTEM}
        onChange={(value) => change({ language: value === SYSTEM ? null : (value as Language) })}
      />
      <Stack gap={4} align="start">
        <Input.Label component="div">{t('appearance.theme')}</Input.Label>
        <SegmentedControl
          aria-label={t('appearance.theme')}
          data={THEMES.map((value) => ({ value, label: t(`shell:colours.${value}`) }))}
          value={theme}
          onChange={(value) => change({ theme: value as Theme })}
        />
      </Stack>
    </Section>
  );
}
