/** Names that may be photos, also of kinds we cannot read: refusing with a remedy beats leaving out. */
const PHOTO_NAME = /\.(jpe?g|jpe|jfif|png|webp|tiff?|avif|heic|heif)$/i;

/**
 * Whether a file in a folder may be a photo by its name. Hidden files (".DS_Store", "._photo.jpg" of macOS
 * archives) are none, whatever their ending.
 */
export function isPhotoName(name: string): boolean {
  return PHOTO_NAME.test(name) && !name.startsWith('.');
}
