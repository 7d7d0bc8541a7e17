import { CloseButton, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { RefusalText } from '../shell/refusal-text.tsx';
import { useIntake } from './intake-provider.tsx';
import classes from './refused-files.module.css';

/** The files that were not taken, each with what to do about it. */
export function RefusedFiles() {
  const { refused, dismissRefused } = useIntake();
  if (refused.length === 0) return null;
  return (
    <div className={classes.notice} role="alert">
      <IconAlertTriangle size={20} stroke={1.75} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        <Text fw={600}>
          {refused.length === 1 ? 'One file was not added' : `${refused.length} files were not added`}
        </Text>
        <ul className={classes.list}>
          {refused.map(({ key, name, error }) => (
            <li key={key}>
              <RefusalText name={name} message={error.message} remedy={error.remedy} />
            </li>
          ))}
        </ul>
      </div>
      <CloseButton aria-label="Dismiss" onClick={dismissRefused} />
    </div>
  );
}
