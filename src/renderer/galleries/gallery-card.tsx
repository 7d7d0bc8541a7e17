import { ActionIcon, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPhotoOff, IconTrash } from '@tabler/icons-react';
import type { Gallery } from '../../core/galleries/galleries.ts';
import { useHost } from '../host/context.ts';
import { toHash } from '../shell/route.ts';
import classes from './galleries.module.css';
import { importDone } from './import-state.ts';
import { useImports } from './imports-provider.tsx';
import { RemoveGallery } from './remove-gallery.tsx';
import { referenceCount } from './words.ts';

/** A gallery in the list: its newest reference, name and count. */
export function GalleryCard({ gallery }: { gallery: Gallery }) {
  const host = useHost();
  const { imports } = useImports();
  const state = imports[gallery.id];
  const running = state && importDone(state) < state.total ? state : undefined;
  const [removing, { open, close }] = useDisclosure(false);
  return (
    <li className={classes.card}>
      <a className={classes.cardLink} href={toHash({ view: 'gallery', id: gallery.id })}>
        {gallery.cover === null ? (
          <span className={classes.cover}>
            <IconPhotoOff size={36} stroke={1} aria-hidden />
          </span>
        ) : (
          <img
            className={classes.cover}
            src={host.pictureUrl({ kind: 'reference-thumbnail', id: gallery.cover })}
            alt=""
            loading="lazy"
          />
        )}
        <Text component="span" fw={600} truncate className={classes.cardName}>
          {gallery.name}
        </Text>
        <Text component="span" size="sm" className={classes.cardCount}>
          {running
            ? `Adding ${importDone(running)} of ${running.total}…`
            : referenceCount(gallery.references)}
        </Text>
      </a>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            className={classes.cardMenu}
            variant="subtle"
            color="gray"
            aria-label={`More for ${gallery.name}`}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={open}>
            Remove gallery…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RemoveGallery gallery={gallery} opened={removing} onClose={close} />
    </li>
  );
}
