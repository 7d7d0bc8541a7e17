import { RasrError } from '../errors.ts';
import { type BrokenBundle, type Bundle, findBundles, isKind } from './bundle.ts';
import type { BundleKind, BundleManifest } from './manifest.ts';

/** What was found in the bundle folders. */
export class ModelShelf {
  readonly #roots: readonly string[];
  #found: { readonly bundles: readonly Bundle[]; readonly broken: readonly BrokenBundle[] } = {
    bundles: [],
    broken: [],
  };

  private constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** @param roots embedded bundles first, the user's own after them */
  static async read(roots: readonly string[]): Promise<ModelShelf> {
    const shelf = new ModelShelf(roots);
    await shelf.refresh();
    return shelf;
  }

  /** Looks again: a bundle was added. */
  async refresh(): Promise<void> {
    this.#found = await findBundles(this.#roots);
  }

  get bundles(): readonly Bundle[] {
    return this.#found.bundles;
  }

  get broken(): readonly BrokenBundle[] {
    return this.#found.broken;
  }

  /** @throws RasrError `BUNDLE_MISSING`, naming those there are */
  byId(id: string): Bundle {
    const bundle = this.bundles.find(({ manifest }) => manifest.id === id);
    if (bundle !== undefined) return bundle;
    const ids = this.bundles.map(({ manifest }) => manifest.id).join(', ');
    throw new RasrError(
      'BUNDLE_MISSING',
      `There is no model called "${id}".`,
      `There are: ${ids || 'none'}.`,
    );
  }

  /**
   * The bundle of a kind to work with: the preferred one, or the first where that is gone, which is an
   * embedded one: adding a model does not put it in use.
   */
  find<Kind extends BundleKind>(
    kind: Kind,
    preferred: string | undefined,
  ): Bundle<Extract<BundleManifest, { kind: Kind }>> | undefined {
    const candidates = this.bundles.filter((bundle) => isKind(bundle, kind)) as Bundle<
      Extract<BundleManifest, { kind: Kind }>
    >[];
    return candidates.find(({ manifest }) => manifest.id === preferred) ?? candidates[0];
  }

  /** As {@link find}. @throws RasrError `BUNDLE_MISSING` where there is none of that kind */
  choose<Kind extends BundleKind>(
    kind: Kind,
    preferred: string | undefined,
  ): Bundle<Extract<BundleManifest, { kind: Kind }>> {
    const chosen = this.find(kind, preferred);
    if (chosen !== undefined) return chosen;
    const reasons = this.broken.map(({ error }) => error.message).join(' ');
    throw new RasrError(
      'BUNDLE_MISSING',
      `No ${kind} is installed. ${reasons}`.trim(),
      'Install RASR again.',
    );
  }
}
