import { Text } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Gallery } from '../../core/galleries/galleries.ts';
import { useHost } from '../host/context.ts';
import { toHash } from '../shell/route.ts';
import { go } from '../shell/use-route.ts';
import classes from './galleries.module.css';
import { GalleryMenu } from './gallery-menu.tsx';
import { importProgress, isRunning } from './import-state.ts';
import { useImports } from './imports-provider.tsx';
import { handOnFilter } from './shown-filter.ts';

/** A gallery in the list: its newest reference, name and count. */
export function GalleryCard({ gallery }: { gallery: Gallery }) {
  const { t } = useTranslation('galleries');
  const host = useHost();
  const { imports } = useImports();
  const running = [...imports.values()].find((one) => one.galleryId === gallery.id && isRunning(one));
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
          {running ? t('adding', importProgress(running)) : t('count', { count: gallery.references })}
        </Text>
      </a>
      <GalleryMenu
        gallery={gallery}
        className={classes.cardMenu}
        onLookAt={(filter) => {
          handOnFilter(gallery.id, filter);
          go({ view: 'gallery', id: gallery.id });
        }}
      />
    </li>
  );
}
