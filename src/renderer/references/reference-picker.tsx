import { Button, Modal, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { PickerGrid } from './picker-grid.tsx';
import classes from './reference-picker.module.css';

/** A search is begun once nothing was typed for this long. */
const TYPING_MS = 200;
const ALL = 'all';

interface ReferencePickerProps {
  readonly opened: boolean;
  /** The photo's name and id. */
  readonly photo: string;
  readonly photoId: string;
  /** Ids of those that are chosen already. */
  readonly chosen: readonly number[];
  /** How many can be used at once. */
  readonly atMost: number;
  readonly onChoose: (ids: number[]) => void;
  readonly onClose: () => void;
}

/** All galleries to choose references from by hand, those most like the photo first. */
export function ReferencePicker({ opened, onClose, photo, ...props }: ReferencePickerProps) {
  const { t } = useTranslation('references');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('picker.title', { photo })}
      size="min(64rem, 94vw)"
      centered
      classNames={{ body: classes.body ?? '' }}
    >
      <Picker {...props} onClose={onClose} />
    </Modal>
  );
}

function Picker({
  photoId,
  chosen: before,
  atMost,
  onChoose,
  onClose,
}: Omit<ReferencePickerProps, 'opened' | 'photo'>) {
  const { t } = useTranslation('references');
  const { query } = useApi();
  const host = useHost();
  const [chosen, setChosen] = useState(before);
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed, TYPING_MS);
  const [galleryId, setGalleryId] = useState<number | null>(null);
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const { data: ranking } = useQuery(
    query.references.rank.queryOptions({ photoId, galleryId, text }, { placeholderData: keepPreviousData }),
  );
  const { total = 0, references = [] } = ranking ?? {};

  const toggle = (id: number) =>
    setChosen((ids) => {
      if (ids.includes(id)) return ids.filter((other) => other !== id);
      return ids.length < atMost ? [...ids, id] : ids;
    });

  return (
    <>
      <div className={classes.head}>
        <img
          className={classes.photo}
          src={host.pictureUrl({ kind: 'photo-thumbnail', id: photoId })}
          alt=""
        />
        <TextInput
          className={classes.search}
          aria-label={t('picker.search')}
          placeholder={t('picker.search')}
          leftSection={<IconSearch size={16} stroke={1.5} />}
          data-autofocus
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Select
          aria-label={t('picker.galleries')}
          allowDeselect={false}
          searchable
          data={[
            { value: ALL, label: t('picker.all') },
            ...galleries.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          value={galleryId === null ? ALL : String(galleryId)}
          onChange={(value) => setGalleryId(value === null || value === ALL ? null : Number(value))}
        />
      </div>
      {references.length > 0 ? (
        <PickerGrid
          // Another list begins at its beginning.
          key={`${galleryId} ${text}`}
          references={references}
          chosen={chosen}
          full={chosen.length >= atMost}
          onToggle={toggle}
        />
      ) : (
        <Text className={classes.nothing} role="status">
          {ranking === undefined ? t('picker.loading') : text === '' ? t('picker.empty') : t('picker.none')}
        </Text>
      )}
      <div className={classes.foot}>
        <Text size="sm" role="status">
          {t('picker.count', { count: chosen.length, atMost })}
        </Text>
        {total > references.length && references.length > 0 && (
          <Text size="sm" className={classes.quiet}>
            {t('picker.nearest', { shown: references.length, count: total })}
          </Text>
        )}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            {t('picker.cancel')}
          </Button>
          <Button
            disabled={chosen.length === 0}
            onClick={() => {
              onChoose([...chosen]);
              onClose();
            }}
          >
            {t('picker.use', { count: Math.max(1, chosen.length) })}
          </Button>
        </div>
      </div>
    </>
  );
}
