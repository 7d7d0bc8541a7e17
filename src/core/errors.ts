/** Every way the engine can refuse. Hosts switch on `code`; people read `message` and `remedy`. */
export type ErrorCode =
  | 'FILE_MISSING'
  | 'FILE_UNREADABLE'
  | 'NOT_AN_IMAGE'
  | 'IMAGE_DAMAGED'
  | 'IMAGE_UNSUPPORTED'
  | 'IMAGE_TOO_LARGE'
  | 'IMAGE_TOO_SMALL'
  | 'IMAGE_BLURRED'
  | 'OUTPUT_EXISTS'
  | 'OUTPUT_UNWRITABLE'
  | 'NO_SPACE'
  | 'NAME_INVALID'
  | 'NAME_TAKEN'
  | 'GALLERY_MISSING'
  | 'REFERENCE_MISSING'
  | 'CHANGE_MISSING'
  | 'ARCHIVE_INVALID'
  | 'ARCHIVE_CORRUPT'
  | 'BUNDLE_MISSING'
  | 'BUNDLE_INVALID'
  | 'BUNDLE_CORRUPT'
  | 'DOWNLOAD_FAILED'
  | 'DOWNLOAD_CORRUPT'
  | 'GENERATOR_FAILED'
  | 'DEVICE_UNUSABLE'
  | 'ENGINE_BUSY'
  | 'LIBRARY_UNUSABLE'
  | 'JOB_MISSING'
  | 'JOB_NOT_READY'
  | 'ENGINE_STOPPED'
  | 'CANCELLED';

/**
 * The one error type of the engine. `message` says what was wrong and with which file or name,
 * `remedy` what to do next; both are complete sentences meant for people.
 */
export class RasrError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RasrError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** The same refusal with a file called by the name its user knows: a photo's bytes may lie under our own. */
export function calledBy(error: RasrError, file: string, name: string): RasrError {
  const { code, message, remedy } = error;
  return new RasrError(code, message.replaceAll(file, name), remedy, { cause: error });
}

/** Any thrown value as a {@link RasrError}; an unknown one keeps its first line and its cause. */
export function toRasrError(error: unknown, subject: string): RasrError {
  if (error instanceof RasrError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const system = fromSystemError(error, subject);
  if (system !== undefined) return system;
  return new RasrError(
    'ENGINE_STOPPED',
    `${subject}: ${detail.split('\n')[0]}`,
    'Try again; if it happens again, please report it with this message.',
    { cause: error },
  );
}

/** Node's file-system error codes in our words, or undefined where the error is none of them. */
export function fromSystemError(error: unknown, subject: string): RasrError | undefined {
  const options = { cause: error };
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new RasrError('FILE_MISSING', `${subject}: there is no such file.`, 'Check the path.', options);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new RasrError(
        'OUTPUT_UNWRITABLE',
        `${subject}: permission denied.`,
        'Choose another folder or change its permissions.',
        options,
      );
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new RasrError(
        'NO_SPACE',
        `${subject}: the disk is full.`,
        'Free some space, or choose another folder, and start again; nothing was lost.',
        options,
      );
    case 'ENAMETOOLONG':
      return new RasrError(
        'NAME_INVALID',
        `${subject}: the name is too long for this disk.`,
        'Use a shorter name.',
        options,
      );
    default:
      return undefined;
  }
}

/** libvips tells of a full disk in words only: its errors carry no code. */
function systemCode(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error) return error.code;
  return /no space left on device/i.test(error.message) ? 'ENOSPC' : undefined;
}
