import { crc32, deflateSync } from 'node:zlib';

/** Signature and IHDR: what an iCCP chunk must follow. */
const HEADER_BYTES = 33;
const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1');
const ORIENTATION = 0x0112;

/**
 * A PNG with a colour profile and EXIF put in: sharp attaches them to bare pixels only by converting these.
 *
 * @param exif a TIFF structure, without the `Exif` prefix
 */
export function withPngChunks(png: Buffer, icc: Buffer | null, exif: Buffer | null): Buffer {
  const chunks: Buffer[] = [];
  if (icc !== null) {
    chunks.push(chunk('iCCP', Buffer.concat([Buffer.from('profile\0\0', 'latin1'), deflateSync(icc)])));
  }
  if (exif !== null) chunks.push(chunk('eXIf', exif));
  return Buffer.concat([png.subarray(0, HEADER_BYTES), ...chunks, png.subarray(HEADER_BYTES)]);
}

/** A copy of an EXIF block, without prefix, that says of the pixels that they are upright. */
export function uprightExif(exif: Buffer): Buffer {
  const prefixed = exif.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX);
  const tiff = Buffer.from(prefixed ? exif.subarray(EXIF_PREFIX.length) : exif);
  if (tiff.length < 8) return tiff;
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const uint16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return tiff;
  const entries = uint16(first);
  for (let entry = first + 2; entry < first + 2 + 12 * entries && entry + 12 <= tiff.length; entry += 12) {
    if (uint16(entry) !== ORIENTATION) continue;
    if (little) tiff.writeUInt16LE(1, entry + 8);
    else tiff.writeUInt16BE(1, entry + 8);
  }
  return tiff;
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
