import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { refusalInWords } from '../host/engine-words.ts';
import classes from './models.module.css';

/** Folders that want to be a model and are not, each with the reason. */
export function BrokenModels() {
  const { t } = useTranslation('models');
  const { query } = useApi();
  const { data: broken = [] } = useQuery(query.models.broken.queryOptions());
  return broken.map(({ folder, error }) => {
    const { message, remedy } = refusalInWords(error);
    return (
      <Alert
        key={folder}
        className={classes.broken}
        variant="default"
        icon={<IconAlertTriangle size={20} stroke={1.5} aria-hidden />}
        title={t('broken')}
      >
        {message} {remedy}
      </Alert>
    );
  });
}
