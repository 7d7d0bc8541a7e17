import { ActionIcon, Text } from '@mantine/core';
import { IconBan, IconPin, IconPinFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../../api/views.ts';
import { useHost } from '../host/context.ts';
import { type Choice, partOf } from './choice.ts';
import classes from './reference-row.module.css';
import { likenessMeaning, likenessWords } from './words.ts';

type Recorded = RecordView['references'][number];

interface ReferenceRowProps {
  readonly reference: Recorded;
  /** Its id in the library; undefined where it is not there, or no more. */
  readonly id: number | undefined;
  readonly tellsLikeness: boolean;
  readonly choice: Choice;
  readonly onPin: (id: number) => void;
  readonly onExclude: (id: number) => void;
}

/** A reference that was used, and what shall become of it when the photo is restored again. */
export function ReferenceRow({ reference, id, tellsLikeness, choice, onPin, onExclude }: ReferenceRowProps) {
  const { t } = useTranslation('references');
  const part = id === undefined ? 'found' : partOf(choice, id);
  const out = part === 'excluded' || part === 'left';
  return (
    <ReferenceFigure
      reference={reference}
      out={out}
      likeness={
        tellsLikeness && reference.similarity !== null
          ? likenessWords(t, reference.similarity, reference.closeness)
          : undefined
      }
    >
      {id !== undefined && (
        <div className={classes.actions}>
          {choice.chosen.length === 0 && (
            <ActionIcon
              size="md"
              variant={part === 'pinned' ? 'filled' : 'default'}
              aria-pressed={part === 'pinned'}
              aria-label={t('pin', { name: reference.name })}
              title={t('pinHint')}
              onClick={() => onPin(id)}
            >
              {part === 'pinned' ? <IconPinFilled size={16} /> : <IconPin size={16} stroke={1.5} />}
            </ActionIcon>
          )}
          <ActionIcon
            size="md"
            variant={out ? 'filled' : 'default'}
            aria-pressed={out}
            aria-label={t('exclude', { name: reference.name })}
            title={t('excludeHint')}
            onClick={() => onExclude(id)}
          >
            <IconBan size={16} stroke={1.5} />
          </ActionIcon>
        </div>
      )}
    </ReferenceFigure>
  );
}

interface ReferenceFigureProps {
  readonly reference: Recorded;
  readonly likeness: string | undefined;
  /** Whether it will not be used again. */
  readonly out?: boolean;
  readonly children?: ReactNode;
}

/** A reference as a record names it: picture, name, gallery and likeness. */
export function ReferenceFigure({ reference, likeness, out = false, children }: ReferenceFigureProps) {
  const { t } = useTranslation('references');
  const host = useHost();
  const { name, gallery, byHand, closeness, sha256 } = reference;
  return (
    <li className={classes.reference} data-out={out}>
      <img
        className={classes.thumbnail}
        src={host.pictureUrl({ kind: 'reference-thumbnail', id: sha256 })}
        alt={t('alt', { name })}
      />
      <div className={classes.about}>
        <Text fw={600} truncate title={name} className={classes.name}>
          {name}
        </Text>
        <Text size="sm" truncate title={gallery ?? undefined}>
          {gallery ?? t('file')}
        </Text>
        {byHand !== undefined && <Text size="sm">{t(byHand)}</Text>}
        {likeness !== undefined && (
          <Text size="sm" className={classes.quiet} title={likenessMeaning(t, closeness)}>
            {likeness}
          </Text>
        )}
        {children}
      </div>
    </li>
  );
}
