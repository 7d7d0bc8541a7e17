import { Button, Popover, Title } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { RefusalText } from '../shell/refusal-text.tsx';
import classes from './failed-photos.module.css';
import { useJobs } from './jobs-provider.tsx';
import { useJobActions } from './use-job-actions.ts';

interface FailedPhotosProps {
  readonly onSelect: (jobId: string) => void;
}

/** How many photos failed; opens the list of them, each with its reason and what to do. */
export function FailedPhotos({ onSelect }: FailedPhotosProps) {
  const { jobs } = useJobs();
  const { retry, retryFailed, remove } = useJobActions();
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
          {failed.length} failed
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className={classes.head}>
          <Title order={2} size="sm">
            {failed.length === 1
              ? 'One photo could not be restored'
              : `${failed.length} photos could not be restored`}
          </Title>
          <Button size="compact-sm" leftSection={<IconRefresh size={14} />} onClick={retryFailed}>
            Retry failed
          </Button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled list must be reachable by keyboard */}
        <ul className={classes.list} tabIndex={0} aria-label="Failed photos">
          {failed.map(({ id, photo, error }) => (
            <li key={id} className={classes.item}>
              <div className={classes.text}>
                {error && <RefusalText name={photo} message={error.message} remedy={error.remedy} />}
              </div>
              <div className={classes.actions}>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => retry(id)}
                  aria-label={`Retry ${photo}`}
                >
                  Retry
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => show(id)}
                  aria-label={`Show ${photo}`}
                >
                  Show
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => remove(id)}
                  aria-label={`Remove ${photo} from the list`}
                >
                  Remove
                </Button>
              </div>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
