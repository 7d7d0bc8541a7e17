import { Button, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { type Choice, partOf } from './choice.ts';
import classes from './next-choice.module.css';

interface NextChoiceProps {
  readonly choice: Choice;
  readonly onRestore: () => void;
  readonly onDiscard: () => void;
}

/** What the user decided on and is not restored yet: which references the next result will have. */
export function NextChoice({ choice, onRestore, onDiscard }: NextChoiceProps) {
  const { t } = useTranslation('references');
  const { query } = useApi();
  const host = useHost();
  const { pinned, excluded, chosen } = choice;
  const ids = chosen.length > 0 ? [...chosen] : [...pinned, ...excluded];
  const { data: references = [] } = useQuery({
    ...query.references.existing.queryOptions({ ids }),
    enabled: ids.length > 0,
  });
  return (
    <section className={classes.next} aria-label={t('next.title')}>
      <Text size="sm" fw={600}>
        {t('next.title')}
      </Text>
      {ids.length === 0 && <Text size="sm">{t('next.search')}</Text>}
      <ul className={classes.list}>
        {ids.flatMap((id) => {
          const reference = references.find((each) => each.id === id);
          const part = partOf(choice, id);
          if (reference === undefined || part === 'found' || part === 'left') return [];
          return (
            <li key={id} className={classes.reference}>
              <img
                className={classes.thumbnail}
                src={host.pictureUrl({ kind: 'reference-thumbnail', id: reference.sha256 })}
                alt=""
                data-out={part === 'excluded'}
              />
              <div className={classes.about}>
                <Text size="sm" truncate title={reference.name}>
                  {reference.name}
                </Text>
                <Text size="sm" className={classes.quiet}>
                  {t(`next.${part}`)}
                </Text>
              </div>
            </li>
          );
        })}
      </ul>
      <div className={classes.actions}>
        <Button size="compact-sm" leftSection={<IconRefresh size={14} />} onClick={onRestore}>
          {t('next.restore')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onDiscard}>
          {t('next.discard')}
        </Button>
      </div>
    </section>
  );
}
