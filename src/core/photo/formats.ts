import path from 'node:path';

/** Image formats the engine reads and writes. */
export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

const EXTENSIONS: Record<ImageFormat, readonly [string, ...string[]]> = {
  jpeg: ['.jpg', '.jpeg', '.jpe', '.jfif'],
  png: ['.png'],
  webp: ['.webp'],
  tiff: ['.tif', '.tiff'],
  avif: ['.avif'],
};

export const MEDIA_TYPES: Record<ImageFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
  avif: 'image/avif',
};

/** What we read, as people write it. */
export const READABLE_FORMATS = 'JPEG, PNG, WebP, TIFF, AVIF, HEIC';

/** Read and not written: what iPhones take. */
const READ_ONLY_EXTENSIONS = ['.heic', '.heif'];

/** Extensions of the images we read, with their dots, in lower case. */
export const IMAGE_EXTENSIONS: readonly string[] = [
  ...IMAGE_FORMATS.flatMap((format) => EXTENSIONS[format]),
  ...READ_ONLY_EXTENSIONS,
];

/** The extension we give a format, with its dot. */
export function extensionOf(format: ImageFormat): string {
  return EXTENSIONS[format][0];
}

/** Whether a file's name says that it is an image we read. */
export function hasImageExtension(file: string): boolean {
  return IMAGE_EXTENSIONS.includes(path.extname(file).toLowerCase());
}
