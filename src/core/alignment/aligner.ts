import type { GreyImage, RgbImage } from '../photo/pixels.ts';
import { WorkerThread } from '../threads/worker-thread.ts';
import type { Homography } from './homography.ts';
import type { PlanarAlignment } from './planar.ts';
import type { WarpedPicture } from './warp.ts';

/** What the thread can be asked for. */
export type AlignmentRequest =
  | { readonly kind: 'align'; readonly photo: GreyImage; readonly references: readonly GreyImage[] }
  | { readonly kind: 'hold'; readonly picture: RgbImage }
  | {
      readonly kind: 'warp';
      readonly handle: number;
      readonly toPicture: Homography;
      readonly width: number;
      readonly height: number;
      readonly cell: number;
    }
  | { readonly kind: 'drop'; readonly handle: number };

export type AlignmentResult =
  | { readonly kind: 'aligned'; readonly found: FoundAlignment | null }
  | { readonly kind: 'held'; readonly handle: number }
  | { readonly kind: 'warped'; readonly picture: WarpedPicture }
  | { readonly kind: 'dropped' };

export interface FoundAlignment {
  /** Which of the references it is. */
  readonly index: number;
  readonly alignment: PlanarAlignment;
}

/** A picture that lies in the thread, to be seen through homographies. */
export interface HeldPicture {
  /** @see warpPicture */
  warp(toPicture: Homography, width: number, height: number, cell: number): Promise<WarpedPicture>;
  release(): Promise<void>;
}

/** Finds how references lie on photos, in a thread of its own. */
export class Aligner {
  readonly #thread = new WorkerThread<AlignmentRequest, AlignmentResult>(
    import.meta,
    'alignment-worker',
    'The alignment thread',
  );

  /** @see alignPlanar */
  async align(photo: GreyImage, references: readonly GreyImage[]): Promise<FoundAlignment | null> {
    return (await this.#thread.ask('aligned', { kind: 'align', photo, references })).found;
  }

  async hold(picture: RgbImage): Promise<HeldPicture> {
    const { handle } = await this.#thread.ask('held', { kind: 'hold', picture });
    return {
      warp: async (toPicture, width, height, cell) =>
        (await this.#thread.ask('warped', { kind: 'warp', handle, toPicture, width, height, cell })).picture,
      release: async () => {
        await this.#thread.ask('dropped', { kind: 'drop', handle });
      },
    };
  }

  /** Ends the thread. */
  release(): Promise<void> {
    return this.#thread.end();
  }
}
