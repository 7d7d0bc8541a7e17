import type { Engine } from '../core/engine.ts';
import { RasrError } from '../core/errors.ts';

/**
 * The ids of references that somebody names as the program prints them: `gallery/name`, or the name alone where no
 * other gallery has one of that name.
 *
 * @throws RasrError `REFERENCE_MISSING`, `GALLERY_MISSING`
 */
export function referencesByName({ galleries }: Engine, names: readonly string[]): number[] {
  return names.map((given) => {
    const [, gallery, name = given] = /^(.+?)\s*\/\s*(.+)$/.exec(given) ?? [];
    const galleryId = gallery === undefined ? null : galleries.byName(gallery).id;
    const found = galleries.named(name, galleryId).filter((one) => one.name.normalize() === name.normalize());
    const [reference, ...others] = found;
    if (reference === undefined) {
      throw new RasrError(
        'REFERENCE_MISSING',
        `There is no reference called "${given}".`,
        'Name it as "rasr gallery search PHOTO" prints it: gallery/name.',
      );
    }
    if (others.length > 0) {
      throw new RasrError(
        'REFERENCE_MISSING',
        `${found.length} references are called "${given}".`,
        `Name its gallery, too: "${reference.gallery}/${name}".`,
      );
    }
    return reference.id;
  });
}
