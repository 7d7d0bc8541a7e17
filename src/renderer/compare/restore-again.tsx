import { Button, Popover } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { SettingsFields } from '../restore/settings-fields.tsx';
import { useJobActions } from '../restore/use-job-actions.ts';

interface RestoreAgainProps {
  readonly job: JobView;
  readonly onStarted: (jobId: string) => void;
}

/** Restores the same photo with other settings. The result there is stays beside the new one. */
export function RestoreAgain({ job, onStarted }: RestoreAgainProps) {
  const { t } = useTranslation('compare');
  const { start } = useJobActions();
  const [opened, setOpened] = useState(false);
  const [settings, setSettings] = useState(job.settings);

  const restore = async () => {
    const [started] = await start({ photoIds: [job.photoId], settings });
    setOpened(false);
    if (started) onStarted(started.id);
  };

  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="left-end"
      width="target"
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          onClick={() => setOpened((open) => !open)}
        >
          {t('again.button')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah="calc(100dvh - 2rem)" style={{ overflowY: 'auto' }}>
        <SettingsFields stacked settings={settings} onChange={setSettings} />
        <Button fullWidth mt="md" onClick={() => void restore().catch(() => setOpened(false))}>
          {t('again.restore')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
