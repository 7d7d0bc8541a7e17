import { Loader } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useJobs } from '../restore/jobs-provider.tsx';
import classes from './connection-banner.module.css';

/** Says that the engine cannot be heard. Nothing is lost: its queue goes on without this window. */
export function ConnectionBanner() {
  const { t } = useTranslation('restore');
  const { connection } = useJobs();
  return (
    <div role="status">
      {connection !== 'open' && (
        <div className={classes.banner}>
          {connection === 'lost' ? (
            <Loader size={14} color="currentColor" />
          ) : (
            <IconPlugConnectedX size={18} className={classes.icon} aria-hidden />
          )}
          {t(`connection.${connection}`)} {t('safe')}
        </div>
      )}
    </div>
  );
}
