const MARKER = { start: 0xd8, end: 0xd9, scan: 0xda, app0: 0xe0, adobe: 0xee, app15: 0xef, comment: 0xfe };

/**
 * A JPEG file without its metadata, and without anything behind the picture (a phone's video, say): EXIF with
 * the place it was taken, XMP, thumbnails, comments and the colour profile go; every pixel stays as it is.
 *
 * @param file a whole JPEG file
 * @returns undefined where the bytes are not built as a JPEG file is
 */
export function withoutMetadata(file: Buffer): Buffer | undefined {
  if (file[0] !== 0xff || file[1] !== MARKER.start) return undefined;
  const kept: Buffer[] = [file.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) return undefined;
    const marker = file[at + 1]!;
    if (marker === 0xff) {
      // A fill byte.
      at += 1;
      continue;
    }
    if (marker === MARKER.end) break;
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end > file.length || end < at + 4) return undefined;
    if (!isMetadata(marker)) kept.push(file.subarray(at, end));
    at = end;
    if (marker === MARKER.scan) {
      at = endOfScan(file, end);
      kept.push(file.subarray(end, at));
    }
  }
  if (file[at] !== 0xff || file[at + 1] !== MARKER.end) return undefined;
  kept.push(file.subarray(at, at + 2));
  return Buffer.concat(kept);
}

/** JFIF's own header and Adobe's, which says how colours are coded, belong to the picture. */
function isMetadata(marker: number): boolean {
  if (marker === MARKER.comment) return true;
  return marker > MARKER.app0 && marker <= MARKER.app15 && marker !== MARKER.adobe;
}

/** Where the next marker begins: within a scan 0xff is followed by zero or a restart marker. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return file.length;
}
