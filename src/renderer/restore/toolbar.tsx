import { IconFolderPlus, IconPhotoPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { GivenFile } from '../shell/dropped-files.ts';
import { FileButton } from '../shell/file-button.tsx';
import { Presets } from './presets.tsx';
import type { Settings } from './settings.ts';
import { SettingsFields } from './settings-fields.tsx';
import classes from './toolbar.module.css';

interface ToolbarProps {
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
  /** Receives the files to add; null where the view offers another way. */
  readonly onFiles: ((files: GivenFile[]) => void) | null;
}

/** Settings for the next photos, and the way to add some. */
export function Toolbar({ settings, onSettings, onFiles }: ToolbarProps) {
  const { t } = useTranslation('restore');
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t('toolbar.label')}>
      <div className={classes.settings}>
        <SettingsFields settings={settings} onChange={onSettings} />
        <Presets settings={settings} onChange={onSettings} />
      </div>
      {onFiles && (
        <div className={classes.add}>
          <FileButton size="sm" className={classes.addPhotos} onFiles={onFiles}>
            <IconPhotoPlus size={18} stroke={1.5} />
            <span className={classes.addLabel}>{t('toolbar.add')}</span>
          </FileButton>
          <FileButton
            folder
            size="sm"
            px="xs"
            variant="default"
            label={t('toolbar.addFolder')}
            onFiles={onFiles}
          >
            <IconFolderPlus size={18} stroke={1.5} />
          </FileButton>
        </div>
      )}
    </div>
  );
}
