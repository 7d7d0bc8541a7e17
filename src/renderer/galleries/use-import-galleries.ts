import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { asApiError, useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import type { GivenFile } from '../shell/dropped-files.ts';
import { foldersAsGalleries } from './folders-as-galleries.ts';
import { useImports } from './imports-provider.tsx';
import { showRefusal } from './show-refusal.ts';

/** Ending of a gallery in one file. */
export const GALLERY_FILE = '.rasr-gallery';

/**
 * Makes galleries of what is given: of folders, or adds to those that have the folder's name, and of files that
 * galleries were exported to.
 */
export function useImportGalleries(): (given: GivenFile[]) => void {
  const { t } = useTranslation('galleries');
  const { client, query, queryClient } = useApi();
  const { addReferences } = useImports();
  const host = useHost();
  const changed = () => queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() });

  async function galleryCalled(name: string): Promise<number> {
    const galleries = await client.galleries.list.query();
    const wanted = name.toLocaleLowerCase();
    const known = galleries.find((gallery) => gallery.name.toLocaleLowerCase() === wanted);
    return (known ?? (await client.galleries.create.mutate({ name }))).id;
  }

  async function importFile(file: File): Promise<void> {
    const note = notifications.show({
      loading: true,
      autoClose: false,
      withCloseButton: false,
      message: t('importing', { file: file.name }),
    });
    const result = await host.importGallery(file);
    notifications.hide(note);
    if (result.kind === 'refused') showRefusal(result.error);
    if (result.kind === 'done') notifications.show({ message: t('done.imported', { gallery: result.name }) });
    await changed();
  }

  async function importAll(given: GivenFile[]): Promise<void> {
    const [galleryFiles = [], photos = []] = [true, false].map((wanted) =>
      given.filter(({ file }) => file.name.endsWith(GALLERY_FILE) === wanted),
    );
    for (const { file } of galleryFiles) await importFile(file);
    const folders = foldersAsGalleries(photos);
    if (folders.length === 0 && photos.length > 0) {
      notifications.show({ title: t('noFolder.title'), message: t('noFolder.text') });
    }
    for (const { gallery, files } of folders) {
      const id = await galleryCalled(gallery);
      await changed();
      await addReferences(
        id,
        files.map(({ file }) => file),
      );
    }
  }

  return (given) => void importAll(given).catch((error: unknown) => showRefusal(asApiError(error)));
}
