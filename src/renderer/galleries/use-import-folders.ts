import { notifications } from '@mantine/notifications';
import { asApiError, useApi } from '../api.ts';
import type { GivenFile } from '../shell/dropped-files.ts';
import { foldersAsGalleries } from './folders-as-galleries.ts';
import { useImports } from './imports-provider.tsx';

/** Makes galleries of folders, or adds to those that have the folder's name. */
export function useImportFolders(): (given: GivenFile[]) => void {
  const { client, query, queryClient } = useApi();
  const { addReferences } = useImports();

  async function galleryCalled(name: string): Promise<number> {
    const galleries = await client.galleries.list.query();
    const wanted = name.toLocaleLowerCase();
    const known = galleries.find((gallery) => gallery.name.toLocaleLowerCase() === wanted);
    return (known ?? (await client.galleries.create.mutate({ name }))).id;
  }

  async function importFolders(given: GivenFile[]): Promise<void> {
    const folders = foldersAsGalleries(given);
    if (folders.length === 0) {
      notifications.show({
        title: 'These photos are in no folder',
        message: 'Open the gallery they belong to and drop them there, or drop their folder here.',
      });
    }
    for (const { gallery, files } of folders) {
      const id = await galleryCalled(gallery);
      await queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() });
      await addReferences(
        id,
        files.map(({ file }) => file),
      );
    }
  }

  return (given) =>
    void importFolders(given).catch((error: unknown) => {
      const { message, remedy } = asApiError(error);
      notifications.show({ color: 'red', title: message, message: remedy });
    });
}
