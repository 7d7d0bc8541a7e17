import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useJobs } from '../restore/jobs-provider.tsx';
import classes from './connection-banner.module.css';

/** Says that the engine cannot be heard. Nothing is lost: its queue goes on without this window. */
export function ConnectionBanner() {
  const { t } = useTranslation('shell');
  const { connected } = useJobs();
  return (
    <div role="status">
      {!connected && (
        <div className={classes.banner}>
          <Loader size={14} color="currentColor" />
          {t('reconnecting')}
        </div>
      )}
    </div>
  );
}
