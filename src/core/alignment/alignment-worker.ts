import { answerCalls } from '../threads/answer-calls.ts';
import type { AlignmentRequest, AlignmentResult } from './aligner.ts';
import { refineFit } from './alignment.ts';
import { describePhoto, describeReference } from './features.ts';
import { loadOpenCv } from './opencv.ts';
import { fitPlane } from './planar.ts';
import { type LaidPicture, layPicture, type WarpedPicture } from './warp.ts';

/** The thread that OpenCV works in: its calls would stop the engine from answering. `Aligner` is the other end. */
const laid = new Map<number, LaidPicture>();
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
    case 'lay':
      laid.set(++lastHandle, layPicture(cv, request.picture, request.lie));
      return { kind: 'laid', handle: lastHandle };
    case 'warp':
      return { kind: 'warped', picture: laid.get(request.handle)!.warp(request.window, request.cell) };
    case 'drop':
      laid.get(request.handle)?.release();
      laid.delete(request.handle);
      return { kind: 'dropped' };
  }
}

function buffersOf({ data, coverage }: WarpedPicture): ArrayBuffer[] {
  return [data.buffer as ArrayBuffer, coverage.buffer as ArrayBuffer];
}
