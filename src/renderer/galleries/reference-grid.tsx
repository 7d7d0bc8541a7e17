import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import classes from './reference-grid.module.css';

interface ReferenceGridProps {
  readonly references: readonly Reference[];
  readonly onOpen: (reference: Reference) => void;
}

/** The references of a gallery. Thumbnails load as they come into sight. */
export function ReferenceGrid({ references, onOpen }: ReferenceGridProps) {
  const host = useHost();
  const { query, queryClient } = useApi();
  const remove = useMutation(
    query.galleries.removeReference.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() }),
    }),
  );
  return (
    <ul className={classes.grid} aria-label="References">
      {references.map((reference) => (
        <li key={reference.id} className={classes.item}>
          <UnstyledButton
            className={classes.open}
            aria-label={`Show ${reference.name}`}
            title={`${reference.name}\n${reference.width} × ${reference.height}`}
            onClick={() => onOpen(reference)}
          >
            <img
              className={classes.picture}
              src={host.pictureUrl({ kind: 'reference-thumbnail', id: reference.sha256 })}
              alt=""
              loading="lazy"
              decoding="async"
            />
          </UnstyledButton>
          <div className={classes.caption}>
            <span className={classes.name}>{reference.name}</span>
            <ActionIcon
              className={classes.remove}
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`Remove ${reference.name}`}
              onClick={() => remove.mutate({ referenceId: reference.id })}
            >
              <IconTrash size={15} stroke={1.5} />
            </ActionIcon>
          </div>
        </li>
      ))}
    </ul>
  );
}
