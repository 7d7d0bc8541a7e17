import { Anchor, Button, Text } from '@mantine/core';
import { IconCircleCheckFilled, IconLibraryPhoto, IconPhoto } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import classes from './first-steps.module.css';
import { toHash } from './route.ts';
import { go } from './use-route.ts';

/** The sample that shows most: the very same specimen is in the sample galleries. */
const SAMPLE = 'morpho-in-the-drawer.jpg';

/** The way to the first restored photo, each step one click: references, a photo, and the look at the result. */
export function FirstSteps() {
  const { t } = useTranslation('shell');
  const { client, query, queryClient } = useApi();
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  const addGalleries = useMutation(
    query.samples.importGalleries.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() }),
    }),
  );
  const restoreSample = useMutation({
    mutationFn: async () => {
      const { id } = await client.samples.addPhoto.mutate({ name: SAMPLE });
      return client.jobs.start.mutate({
        photoIds: [id],
        settings: { gallery: 'find', scale: 4, format: 'keep' },
      });
    },
    networkMode: 'always',
    onSuccess: ([job]) => go({ view: 'restore', job: job?.id ?? null }),
  });
  if (galleries === undefined) return null;
  const references = galleries.reduce((sum, gallery) => sum + gallery.references, 0);
  return (
    <ol className={classes.steps} aria-label={t('firstSteps.title')}>
      <Step number={1} done={references > 0} title={t('firstSteps.references')}>
        <Text size="sm" className={classes.words} role="status">
          {addGalleries.isPending
            ? t('firstSteps.adding')
            : references > 0
              ? t('firstSteps.have', { count: references })
              : t('firstSteps.referencesMeaning')}
        </Text>
        {(references === 0 || addGalleries.isPending) && (
          <div className={classes.ways}>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconLibraryPhoto size={16} stroke={1.5} aria-hidden />}
              loading={addGalleries.isPending}
              onClick={() => addGalleries.mutate()}
            >
              {t('firstSteps.addSamples')}
            </Button>
            <Anchor href={toHash({ view: 'galleries' })} size="sm" fw={600} underline="always">
              {t('firstSteps.ownGallery')}
            </Anchor>
          </div>
        )}
      </Step>
      <Step number={2} title={t('firstSteps.photo')}>
        <Text size="sm" className={classes.words}>
          {t('firstSteps.photoMeaning')}
        </Text>
        <div className={classes.ways}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPhoto size={16} stroke={1.5} aria-hidden />}
            loading={restoreSample.isPending}
            disabled={addGalleries.isPending}
            onClick={() => restoreSample.mutate()}
          >
            {t('firstSteps.restoreSample')}
          </Button>
        </div>
      </Step>
      <Step number={3} title={t('firstSteps.compare')}>
        <Text size="sm" className={classes.words}>
          {t('firstSteps.compareMeaning')}
        </Text>
      </Step>
    </ol>
  );
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly done?: boolean;
  readonly children: ReactNode;
}

function Step({ number, title, done = false, children }: StepProps) {
  const { t } = useTranslation('shell');
  return (
    <li className={classes.step}>
      {done ? (
        <IconCircleCheckFilled
          size={24}
          className={classes.done}
          aria-label={t('firstSteps.done')}
          role="img"
        />
      ) : (
        <span className={classes.number} aria-hidden>
          {number}
        </span>
      )}
      <div className={classes.text}>
        <Text fw={600}>{title}</Text>
        {children}
      </div>
    </li>
  );
}
