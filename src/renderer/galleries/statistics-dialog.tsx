import { Button, Loader, Modal, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Gallery } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';
import { useFormats } from '../i18n/use-formats.ts';
import classes from './statistics-dialog.module.css';

/** References of a gallery that are looked at apart from the others. */
export interface ReferenceFilter {
  readonly kind: 'duplicates' | 'alone';
  /** Near-duplicates together, the best first; each alone in a group of its own. */
  readonly groups: readonly (readonly number[])[];
}

interface StatisticsDialogProps {
  readonly gallery: Gallery;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onLookAt: (filter: ReferenceFilter) => void;
}

/** What a gallery holds, in figures. */
export function StatisticsDialog({ gallery, opened, onClose, onLookAt }: StatisticsDialogProps) {
  const { t } = useTranslation('galleries');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      centered
      size="lg"
      title={t('statistics.title', { gallery: gallery.name })}
    >
      {opened && <Figures gallery={gallery} onLookAt={onLookAt} />}
    </Modal>
  );
}

function Figures({ gallery, onLookAt }: Pick<StatisticsDialogProps, 'gallery' | 'onLookAt'>) {
  const { t } = useTranslation('galleries');
  const { query } = useApi();
  const { data } = useQuery(
    query.galleries.statistics.queryOptions({ galleryId: gallery.id }, { staleTime: 0 }),
  );
  if (data === undefined) return <Loader size="sm" />;
  return (
    <div className={classes.figures}>
      <Text>
        {t('count', { count: data.references })}, {t('statistics.megapixels', { value: data.megapixels })}
      </Text>
      <div className={classes.columns}>
        <Histogram title={t('statistics.sides')} classesOf={data.sides} />
        <Histogram title={t('statistics.sharpness')} classesOf={data.sharpness} />
      </div>
      <Resemblance gallery={gallery} onLookAt={onLookAt} />
    </div>
  );
}

type Classes = readonly { readonly from: number; readonly count: number }[];

/** Counts as bars, each with its figure. */
function Histogram({ title, classesOf }: { title: string; classesOf: Classes }) {
  const { t } = useTranslation('galleries');
  const formats = useFormats();
  const most = Math.max(1, ...classesOf.map(({ count }) => count));
  const label = (n: number) => {
    const { from } = classesOf[n]!;
    const to = classesOf[n + 1]?.from;
    if (to === undefined) return t('statistics.from', { from });
    return n === 0 ? t('statistics.below', { to }) : t('statistics.range', { from, to });
  };
  return (
    <section>
      <Title order={3} size="0.875rem" mb="xs">
        {title}
      </Title>
      <dl className={classes.bars}>
        {classesOf.map(({ from, count }, n) => (
          <div key={from} className={classes.row}>
            <dt>{label(n)}</dt>
            <dd className={classes.value}>
              <span className={classes.bar} style={{ width: `${(70 * count) / most}%` }} />
              {formats.number(count)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Resemblance({ gallery, onLookAt }: Pick<StatisticsDialogProps, 'gallery' | 'onLookAt'>) {
  const { t } = useTranslation('galleries');
  const { query } = useApi();
  const { data } = useQuery(
    query.galleries.likeness.queryOptions(
      { galleryId: gallery.id },
      { staleTime: 0, enabled: gallery.references > 1 },
    ),
  );
  if (gallery.references < 2) return <Text size="sm">{t('statistics.few')}</Text>;
  if (data === undefined) {
    return (
      <div className={classes.waiting} role="status">
        <Loader size="xs" /> {t('statistics.comparing')}
      </div>
    );
  }
  const { alone, compared, nearDuplicates } = data;
  return (
    <>
      <section>
        <Title order={3} size="0.875rem" mb="xs">
          {t('statistics.coverage')}
        </Title>
        <Text>{t('statistics.covered', { share: (compared - alone.length) / Math.max(1, compared) })}</Text>
        {alone.length > 0 && (
          <>
            <Text size="sm" className={classes.quiet} mb="xs">
              {t('statistics.coverageHint')}
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onLookAt({ kind: 'alone', groups: alone.map((id) => [id]) })}
            >
              {t('statistics.alone', { count: alone.length })}
            </Button>
          </>
        )}
      </section>
      <section>
        <Title order={3} size="0.875rem" mb="xs">
          {t('statistics.duplicates')}
        </Title>
        {nearDuplicates.length === 0 ? (
          <Text>{t('statistics.noDuplicates')}</Text>
        ) : (
          <>
            <Text mb="xs">{t('statistics.groups', { count: nearDuplicates.length })}</Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onLookAt({ kind: 'duplicates', groups: nearDuplicates })}
            >
              {t('statistics.lookAtDuplicates')}
            </Button>
          </>
        )}
      </section>
    </>
  );
}
