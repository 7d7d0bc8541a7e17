import { Button, Loader, Modal, Select, Text } from '@mantine/core';
import { IconPhotoSearch } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MatchView } from '../../api/gallery-views.ts';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { RefusalText } from '../shell/refusal-text.tsx';
import { toHash } from '../shell/route.ts';
import { useFileDrop } from '../shell/use-file-drop.ts';
import classes from './find-by-image.module.css';

interface FindByImageProps {
  /** The gallery it was opened in, or null. */
  readonly galleryId: number | null;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** References shown at most. */
const COUNT = 24;

/** Looks for the references most like a photo that is dropped or chosen here. */
export function FindByImage({ galleryId, opened, onClose }: FindByImageProps) {
  const { t } = useTranslation('galleries');
  return (
    <Modal opened={opened} onClose={onClose} centered size="62rem" title={t('find.title')}>
      {opened && <Finder galleryId={galleryId} onLeave={onClose} />}
    </Modal>
  );
}

type Found =
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string }
  | { readonly kind: 'found'; readonly matches: readonly MatchView[] };

function Finder({ galleryId, onLeave }: { galleryId: number | null; onLeave: () => void }) {
  const { t } = useTranslation('galleries');
  const { query } = useApi();
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const [photo, setPhoto] = useState<File | null>(null);
  const [scope, setScope] = useState<number | null>(null);
  const find = useFind();
  const input = useRef<HTMLInputElement>(null);
  const look = (file: File | undefined, where = scope) => {
    if (file === undefined) return;
    setPhoto(file);
    find.mutate({ file, galleryId: where });
  };
  const over = useFileDrop((given) => look(given[0]?.file));
  const { data: found, isPending } = find;

  const choose = (words: string) => (
    <Button variant="default" onClick={() => input.current?.click()}>
      {words}
    </Button>
  );
  return (
    <div className={classes.finder}>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('find.input')}
        accept="image/*,.tif,.tiff,.avif"
        onChange={({ currentTarget }) => {
          look(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
      {photo === null ? (
        <div className={classes.drop} data-over={over}>
          <IconPhotoSearch size={48} stroke={1} aria-hidden className={classes.icon} />
          <Text fw={600}>{t('find.drop')}</Text>
          <Text size="sm" className={classes.quiet}>
            {t('find.hint')}
          </Text>
          {choose(t('find.choose'))}
        </div>
      ) : (
        <>
          <div className={classes.query} data-over={over}>
            <Preview file={photo} />
            <Text size="sm" truncate>
              {photo.name}
            </Text>
            <Select
              label={t('find.scope')}
              data={[
                { value: '', label: t('find.everywhere') },
                ...galleries.map(({ id, name }) => ({ value: String(id), label: name })),
              ].sort((a, b) => Number(b.value === String(galleryId)) - Number(a.value === String(galleryId)))}
              value={scope === null ? '' : String(scope)}
              allowDeselect={false}
              onChange={(value) => {
                const where = value ? Number(value) : null;
                setScope(where);
                look(photo, where);
              }}
            />
            {choose(t('find.another'))}
          </div>
          <div className={classes.results} role="status" aria-busy={isPending}>
            {isPending && (
              <Text>
                <Loader size="xs" /> {t('find.looking')}
              </Text>
            )}
            {!isPending && found?.kind === 'refused' && (
              <Text className={classes.fault}>
                <RefusalText name={photo.name} message={found.message} remedy={found.remedy} />
              </Text>
            )}
            {!isPending && found?.kind === 'found' && <Matches matches={found.matches} onLeave={onLeave} />}
          </div>
        </>
      )}
    </div>
  );
}

function useFind() {
  const { client } = useApi();
  const host = useHost();
  return useMutation({
    networkMode: 'always',
    async mutationFn({ file, galleryId }: { file: File; galleryId: number | null }): Promise<Found> {
      const [handed] = await host.handOver([file]);
      if (handed?.kind !== 'taken') {
        const { message, remedy } = handed!.error;
        return { kind: 'refused', message, remedy };
      }
      const photoId = handed.photo.id;
      return {
        kind: 'found',
        matches: await client.galleries.find.mutate({ photoId, galleryId, count: COUNT }),
      };
    },
  });
}

function Matches({ matches, onLeave }: { matches: readonly MatchView[]; onLeave: () => void }) {
  const { t } = useTranslation('galleries');
  const host = useHost();
  if (matches.length === 0) return <Text>{t('find.nothing')}</Text>;
  return (
    <ul className={classes.matches} aria-label={t('find.results')}>
      {matches.map(({ reference, similarity, closeness }) => (
        <li key={reference.id} className={classes.match} data-closeness={closeness}>
          <img
            className={classes.picture}
            src={host.pictureUrl({ kind: 'reference-thumbnail', id: reference.sha256 })}
            alt={reference.name}
          />
          <Text size="sm" fw={600}>
            {t('find.similarity', { words: t(`closeness.${closeness}`), value: similarity })}
          </Text>
          <Text size="xs" truncate title={reference.name}>
            {reference.name}
          </Text>
          <a
            className={classes.link}
            href={toHash({ view: 'gallery', id: reference.galleryId })}
            onClick={onLeave}
          >
            {t('find.in', { gallery: reference.gallery })}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The photo itself, where the browser can show it. */
function Preview({ file }: { file: File }) {
  const { t } = useTranslation('galleries');
  const [address, setAddress] = useState<string | null>(null);
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    setAddress(url);
    setShown(true);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  if (!shown) return <div className={classes.preview}>{t('find.noPreview')}</div>;
  return (
    address && (
      <img className={classes.preview} src={address} alt={t('find.photo')} onError={() => setShown(false)} />
    )
  );
}
