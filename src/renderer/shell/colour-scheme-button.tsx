import { ActionIcon, Menu } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { THEMES, type Theme, useWindowSettings } from '../settings/use-window-settings.ts';

const ICONS: Record<Theme, TablerIcon> = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

/** Chooses light, dark or the system's colours. */
export function ColourSchemeButton() {
  const { t } = useTranslation('shell');
  const [{ theme }, change] = useWindowSettings();
  const Current = ICONS[theme];
  return (
    <Menu position="right-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('colours.button', { scheme: t(`colours.${theme}`) })}
        >
          <Current size={20} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('colours.title')}</Menu.Label>
        <Menu.RadioGroup value={theme} onChange={(value) => change({ theme: value as Theme })}>
          {THEMES.map((value) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {t(`colours.${value}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
