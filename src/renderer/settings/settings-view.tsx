import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { AppearanceSection } from './appearance-section.tsx';
import { CacheSection } from './cache-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { LibrarySection } from './library-section.tsx';
import classes from './settings.module.css';

/** What the user chooses once, for the window and for the computer. */
export function SettingsView() {
  const { t } = useTranslation('settings');
  useFileDrop(null);
  return (
    <>
      <header className={classes.header}>
        <Title order={1} size="1.125rem">
          {t('title')}
        </Title>
      </header>
      <div className={classes.body}>
        <AppearanceSection />
        <DevicesSection />
        <LibrarySection />
        <CacheSection />
      </div>
    </>
  );
}
