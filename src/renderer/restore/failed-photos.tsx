import { Button, Popover, Title } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailedList } from './failed-list.tsx';
import classes from './failed-photos.module.css';
import { useJobs } from './jobs-provider.tsx';
import { useJobActions } from './use-job-actions.ts';

interface FailedPhotosProps {
  readonly onSelect: (jobId: string) => void;
}

/** How many photos failed; opens the list of them, each with its reason and what to do. */
export function FailedPhotos({ onSelect }: FailedPhotosProps) {
  const { t } = useTranslation('restore');
  const { jobs } = useJobs();
  const { retryFailed } = useJobActions();
  const [opened, setOpened] = useState(false);
  const failed = jobs.filter(({ state }) => state === 'failed');
  if (failed.length === 0) {
    // Else the next failure would find the list open.
    if (opened) setOpened(false);
    return null;
  }

  const show = (jobId: string) => {
    setOpened(false);
    onSelect(jobId);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="top-start"
      width={480}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconAlertTriangle size={16} className={classes.icon} />}
          onClick={() => setOpened((open) => !open)}
        >
          {t('failed.button', { count: failed.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className={classes.head}>
          <Title order={2} size="sm">
            {t('failed.title', { count: failed.length })}
          </Title>
          <Button size="compact-sm" leftSection={<IconRefresh size={14} />} onClick={retryFailed}>
            {t('failed.retryAll')}
          </Button>
        </div>
        <FailedList failed={failed} onShow={show} />
      </Popover.Dropdown>
    </Popover>
  );
}
