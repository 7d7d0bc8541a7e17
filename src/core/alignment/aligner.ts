import type { GreyImage, RgbImage } from '../photo/pixels.ts';
import { Recent } from '../recent.ts';
import { WorkerThread } from '../threads/worker-thread.ts';
import type { Alignment } from './alignment.ts';
import type { ImageFeatures } from './features.ts';
import type { Fit } from './planar.ts';
import type { Lie, OutputWindow, WarpedPicture } from './warp.ts';

/** What the thread can be asked for. */
export type AlignmentRequest =
  | { readonly kind: 'describe'; readonly image: GreyImage; readonly as: 'photo' | 'reference' }
  | { readonly kind: 'fit'; readonly photo: ImageFeatures; readonly reference: ImageFeatures }
  | { readonly kind: 'refine'; readonly photo: GreyImage; readonly reference: GreyImage; readonly fit: Fit }
  | { readonly kind: 'lay'; readonly picture: RgbImage; readonly lie: Lie }
  | { readonly kind: 'warp'; readonly handle: number; readonly window: OutputWindow; readonly cell: number }
  | { readonly kind: 'drop'; readonly handle: number };

export type AlignmentResult =
  | { readonly kind: 'described'; readonly features: ImageFeatures }
  | { readonly kind: 'fitted'; readonly fit: Fit | null }
  | { readonly kind: 'aligned'; readonly alignment: Alignment | null }
  | { readonly kind: 'laid'; readonly handle: number }
  | { readonly kind: 'warped'; readonly picture: WarpedPicture }
  | { readonly kind: 'dropped' };

/** A reference that may show what a photo shows. */
export interface ShownReference {
  /** Names its picture: what is found out about it is kept under this name. */
  readonly key: string;
  /** Its luma; null where it cannot be read. */
  read(): Promise<GreyImage | null>;
}

export interface FoundAlignment {
  /** Which of the references it is. */
  readonly index: number;
  /** The reference as it was read: what the alignment's pixels are counted in. */
  readonly shown: GreyImage;
  readonly alignment: Alignment;
}

/** References whose features are kept: 70 KB each. */
const KEPT_REFERENCES = 256;

/** A picture that lies on an output, in the thread. */
export interface PictureInThread {
  /** @see LaidPicture.warp */
  warp(window: OutputWindow, cell: number): Promise<WarpedPicture>;
  release(): Promise<void>;
}

/** Finds how references lie on photos, in a thread of its own. */
export class Aligner {
  readonly #thread = new WorkerThread<AlignmentRequest, AlignmentResult>(
    import.meta,
    'alignment-worker',
    'The alignment thread',
  );
  readonly #references = new Recent<ImageFeatures>(KEPT_REFERENCES);

  /**
   * Looks for a reference that shows the same thing as the photo. References are read where their features are not
   * known from an earlier photo, and where they fit.
   *
   * @returns the first that fits, or null
   */
  async align(photo: GreyImage, references: readonly ShownReference[]): Promise<FoundAlignment | null> {
    const seen = await this.#describe(photo, 'photo');
    for (const [index, { key, read }] of references.entries()) {
      let reading: Promise<GreyImage | null> | undefined;
      const readOnce = () => (reading ??= read());
      const reference = await this.#featuresOf(key, readOnce);
      if (reference === null) continue;
      const { fit } = await this.#thread.ask('fitted', { kind: 'fit', photo: seen, reference });
      const shown = fit === null ? null : await readOnce();
      if (fit === null || shown === null) continue;
      const request = { kind: 'refine', photo, reference: shown, fit } as const;
      const { alignment } = await this.#thread.ask('aligned', request);
      if (alignment !== null) return { index, shown, alignment };
    }
    return null;
  }

  /** @see layPicture */
  async lay(picture: RgbImage, lie: Lie): Promise<PictureInThread> {
    const { handle } = await this.#thread.ask('laid', { kind: 'lay', picture, lie });
    return {
      warp: async (window, cell) =>
        (await this.#thread.ask('warped', { kind: 'warp', handle, window, cell })).picture,
      release: async () => {
        await this.#thread.ask('dropped', { kind: 'drop', handle });
      },
    };
  }

  /** Ends the thread. */
  release(): Promise<void> {
    return this.#thread.end();
  }

  /** A reference's features, kept or found now; null where it cannot be read. */
  async #featuresOf(key: string, read: () => Promise<GreyImage | null>): Promise<ImageFeatures | null> {
    const kept = this.#references.get(key);
    if (kept !== undefined) return kept;
    const image = await read();
    if (image === null) return null;
    const features = await this.#describe(image, 'reference');
    this.#references.keep(key, features);
    return features;
  }

  async #describe(image: GreyImage, as: 'photo' | 'reference'): Promise<ImageFeatures> {
    return (await this.#thread.ask('described', { kind: 'describe', image, as })).features;
  }
}
