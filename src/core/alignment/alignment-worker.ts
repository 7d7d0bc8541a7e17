import type { Mat } from '@techstark/opencv-js';
import type { RgbImage } from '../photo/pixels.ts';
import { answerCalls } from '../threads/answer-calls.ts';
import type { AlignmentRequest, AlignmentResult } from './aligner.ts';
import { loadOpenCv, type OpenCv } from './opencv.ts';
import { describePhoto, describeReference, fitPlane, refineFit } from './planar.ts';
import { holdPicture, type WarpedPicture, warpPicture } from './warp.ts';

/** The thread that OpenCV works in: its calls would stop the engine from answering. `Aligner` is the other end. */
const held = new Map<number, Mat>();
let lastHandle = 0;

answerCalls(perform, (result) => (result.kind === 'warped' ? buffersOf(result.picture) : []));

async function perform(request: AlignmentRequest): Promise<AlignmentResult> {
  const cv = await loadOpenCv();
  switch (request.kind) {
    case 'describe': {
      const describe = request.as === 'photo' ? describePhoto : describeReference;
      return { kind: 'described', features: describe(cv, request.image) };
    }
    case 'fit':
      return { kind: 'fitted', fit: fitPlane(cv, request.photo, request.reference) };
    case 'refine':
      return { kind: 'aligned', alignment: refineFit(cv, request.photo, request.reference, request.fit) };
    case 'hold':
      return { kind: 'held', handle: hold(cv, request.picture) };
    case 'warp': {
      const { handle, toPicture, width, height, cell } = request;
      return { kind: 'warped', picture: warpPicture(cv, held.get(handle)!, toPicture, width, height, cell) };
    }
    case 'drop': {
      held.get(request.handle)?.delete();
      held.delete(request.handle);
      return { kind: 'dropped' };
    }
  }
}

function hold(cv: OpenCv, picture: RgbImage): number {
  held.set(++lastHandle, holdPicture(cv, picture));
  return lastHandle;
}

function buffersOf({ data, coverage }: WarpedPicture): ArrayBuffer[] {
  return [data.buffer as ArrayBuffer, coverage.buffer as ArrayBuffer];
}
