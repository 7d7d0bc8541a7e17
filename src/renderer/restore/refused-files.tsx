import { CloseButton, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { RefusalText } from '../shell/refusal-text.tsx';
import { useIntake } from './intake-provider.tsx';
import classes from './refused-files.module.css';

/** Nobody reads on: whoever dropped a folder of thousands that are none knows by then. */
const SHOWN = 100;

/** The files that were not taken, each with what to do about it. */
export function RefusedFiles() {
  const { t } = useTranslation('restore');
  const { refused, dismissRefused } = useIntake();
  if (refused.length === 0) return null;
  return (
    <div className={classes.notice} role="alert">
      <IconAlertTriangle size={20} stroke={1.75} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        <Text fw={600}>{t('refused.title', { count: refused.length })}</Text>
        <ul className={classes.list}>
          {refused.slice(0, SHOWN).map(({ key, name, error }) => (
            <li key={key}>
              <RefusalText name={name} message={error.message} remedy={error.remedy} />
            </li>
          ))}
          {refused.length > SHOWN && <li>{t('refused.more', { count: refused.length - SHOWN })}</li>}
        </ul>
      </div>
      <CloseButton aria-label={t('refused.dismiss')} onClick={dismissRefused} />
    </div>
  );
}
