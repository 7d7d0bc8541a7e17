import { fromSystemError, RasrError } from '../../errors.ts';

/** A download that broke in a way that may pass: tried again before anybody is told. */
export class Interruption extends Error {}

const GOES_ON = 'The installed models go on working meanwhile.';

/** What is not to be told as a failure of the network: our own refusals, a full disk, missing permissions. */
export function asFinal(error: unknown, subject: string): RasrError | undefined {
  return error instanceof RasrError ? error : fromSystemError(error, subject);
}

/** The hub was not reached, or the connection broke too often. */
export function unreachable(host: string, error: unknown): RasrError {
  return new RasrError(
    'DOWNLOAD_FAILED',
    `${host} does not answer (${reason(error)}).`,
    `Check the connection, or name your proxy in HTTPS_PROXY; then download again: it goes on where it stopped. ${GOES_ON}`,
    { cause: error },
  );
}

/** An HTTP status that will be no other next time; others are an {@link Interruption}. */
export function refused(status: number, subject: string): RasrError | Interruption {
  if (status === 408 || status === 429 || status >= 500) return new Interruption(`status ${status}`);
  return new RasrError(
    'DOWNLOAD_FAILED',
    status === 404
      ? `${subject} is not on the hub (status 404).`
      : `The hub does not hand out ${subject} (status ${status}).`,
    `Update RASR, or check HF_ENDPOINT if you use another hub. ${GOES_ON}`,
  );
}

/** The bytes are not those the hub promised. */
export function notAsPromised(subject: string, what: string): RasrError {
  return new RasrError(
    'DOWNLOAD_CORRUPT',
    `${subject} ${what}; it was thrown away.`,
    `Download it again; if that fails too, something between here and the hub changes files. ${GOES_ON}`,
  );
}

export function cancelled(subject: string): RasrError {
  return new RasrError(
    'CANCELLED',
    `The download of ${subject} was stopped.`,
    'Download again: it goes on where it stopped.',
  );
}

/** Node says only "fetch failed"; why lies in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reason(cause.errors[0]);
  return (cause instanceof Error ? reason(cause) : error.message).split('\n')[0]!;
}
