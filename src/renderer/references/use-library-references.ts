import { useQuery } from '@tanstack/react-query';
import type { RecordView } from '../../api/views.ts';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';

type Recorded = RecordView['references'][number];

/** Finds the references of a record in the library, as far as they are still there: a record names no ids. */
export function useLibraryReferences({
  references,
  search,
}: RecordView): (recorded: Recorded) => Reference | undefined {
  const { query } = useApi();
  const named = [...references, ...(search?.best ? [search.best] : [])].filter(
    ({ gallery }) => gallery !== null,
  );
  const sha256s = [...new Set(named.map(({ sha256 }) => sha256))];
  const { data = [] } = useQuery({
    ...query.references.ofPictures.queryOptions({ sha256s }),
    enabled: sha256s.length > 0,
  });
  return ({ sha256, gallery }) => {
    const same = data.filter((reference) => reference.sha256 === sha256);
    return (
      same.find((reference) => reference.gallery === gallery) ?? (gallery === null ? undefined : same[0])
    );
  };
}
