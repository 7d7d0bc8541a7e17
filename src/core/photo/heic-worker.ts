import decode from 'heic-decode';
import { answerCalls } from '../threads/answer-calls.ts';
import type { HeicPixels, HeicRequest } from './heic.ts';

/** The thread that libheif (WebAssembly) works in. `heic.ts` is the other end. */

// libheif tells of damaged files on standard output, which is the command line's; the error comes by itself.
console.log = () => {};

answerCalls<HeicRequest, HeicPixels>(
  async ({ bytes }) => ({ kind: 'pixels', ...(await decode({ buffer: bytes })) }),
  ({ data }) => [data.buffer as ArrayBuffer],
);
