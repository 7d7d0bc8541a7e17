import { Anchor, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { useHost } from '../host/context.ts';
import { toHash } from '../shell/route.ts';
import panel from './info-panel.module.css';
import classes from './reference-info.module.css';
import { SameObjectInfo } from './same-object-info.tsx';
import { closenessMeaning, closenessWords, withoutReference } from './words.ts';

type RestorationRecord = NonNullable<JobView['record']>;

/** The references used, or why there are none and which one came nearest. */
export function ReferenceInfo({ record }: { record: RestorationRecord }) {
  const { t } = useTranslation('compare');
  const { decision, references, sameObject, search } = record;
  const reason = withoutReference(t, decision);
  const nearest = decision === 'rejected' && search?.best ? [search.best] : [];
  return (
    <section className={panel.section} aria-label={t('references.label')}>
      <Title order={3} size="sm">
        {t(references.length > 1 ? 'references.used' : 'references.one')}
      </Title>
      {reason && (
        <>
          <Text fw={600}>{t('references.without')}</Text>
          <Text size="sm">{reason}</Text>
        </>
      )}
      <SameObjectInfo record={record} />
      <ul className={classes.list} data-used={references.length > 0}>
        {[...references, ...nearest].map((reference) => (
          <ReferenceRow
            key={reference.sha256}
            reference={reference}
            // What lies on the photo point by point needs no likeness.
            threshold={reference.sha256 === sameObject?.sha256 ? null : (search?.threshold ?? null)}
          />
        ))}
      </ul>
      {(decision === 'rejected' || decision === 'empty') && (
        <Anchor size="sm" href={toHash({ view: 'galleries' })} underline="always">
          {t('references.add')}
        </Anchor>
      )}
    </section>
  );
}

interface ReferenceRowProps {
  readonly reference: RestorationRecord['references'][number];
  readonly threshold: number | null;
}

function ReferenceRow({ reference, threshold }: ReferenceRowProps) {
  const { t } = useTranslation('compare');
  const host = useHost();
  const { name, gallery, similarity, closeness, sha256 } = reference;
  return (
    <li className={classes.reference}>
      <img
        className={classes.thumbnail}
        src={host.pictureUrl({ kind: 'reference-thumbnail', id: sha256 })}
        alt={t('references.alt', { name })}
      />
      <div className={classes.about}>
        <Text fw={600} truncate title={name}>
          {name}
        </Text>
        <Text size="sm" truncate>
          {gallery ?? t('references.chosen')}
        </Text>
        {similarity !== null && threshold !== null && (
          <Text
            size="sm"
            className={panel.quiet}
            title={closenessMeaning(t, closeness) ?? t('references.atLeast', { threshold })}
          >
            {closenessWords(t, similarity, threshold, closeness)}
          </Text>
        )}
      </div>
    </li>
  );
}
