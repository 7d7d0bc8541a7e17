/** Names that may be photos, also of kinds we cannot read: refusing with a remedy beats leaving out. */
const PHOTO_NAME = /\.(jpe?g|jpe|jfif|png|webp|tiff?|avif|heic|heif)$/i;

/**
 * Whether a file in a folder may be a photo by its name. Hidden files (".DS_Store", "._photo.jpg" of macOS
 * archives) are none, whatever their ending.
 */
export function isPhotoName(name: string): boolean {
  return PHOTO_NAME.test(name) && !name.startsWith('.');
}

/**
 * A name for a pasted file. A picture copied out of another program has none: browsers call each of them
 * "image.png", so it is named by the time of the paste.
 *
 * @param pasted the word to begin with
 */
export function pastedName(name: string, now: Date, pasted: string): string {
  if (name !== 'image.png') return name;
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${pasted} ${date} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}.png`;
}
