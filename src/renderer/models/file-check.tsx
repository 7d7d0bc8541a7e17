import { Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BundleView } from '../../api/views.ts';
import { asApiError, useApi } from '../api.ts';
import classes from './models.module.css';

/** Whether a bundle's files are what its manifest says, as last found, and the way to check them now. */
export function FileCheck({ model }: { model: BundleView }) {
  const { t } = useTranslation('models');
  const { query, queryClient } = useApi();
  const verify = useMutation(
    query.models.verify.mutationOptions({
      // A fault is part of the list.
      meta: { quiet: true },
      onSettled: (_result, error) => {
        if (error === null || asApiError(error).code === 'BUNDLE_CORRUPT')
          return queryClient.invalidateQueries({ queryKey: query.models.list.queryKey() });
      },
    }),
  );
  return (
    <div className={classes.check}>
      <State check={model.check} />
      <Button
        size="compact-xs"
        variant="default"
        loading={verify.isPending}
        aria-label={t('verifyModel', { model: model.title })}
        onClick={() => verify.mutate({ id: model.id })}
      >
        {t('verify')}
      </Button>
    </div>
  );
}

function State({ check }: { check: BundleView['check'] }) {
  const { t } = useTranslation('models');
  if (check === null)
    return (
      <Text size="sm" className={classes.quiet}>
        {t('notVerified')}
      </Text>
    );
  if (check.fault !== null)
    return (
      <span className={classes.damaged}>
        <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
        {t('damaged')}
      </span>
    );
  return (
    <span className={classes.intact} role="status" title={t('verifiedAt', { at: new Date(check.at) })}>
      <IconCircleCheck size={18} stroke={1.5} aria-hidden />
      {t('intact')}
    </span>
  );
}
