import path from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../../../src/core/photo/decode.ts';
import { encodePicture, type Picture } from '../../../../src/core/photo/encode.ts';
import { extensionOf, IMAGE_FORMATS, type ImageFormat } from '../../../../src/core/photo/formats.ts';
import { type Photo, sampleMaximum } from '../../../../src/core/photo/photo.ts';
import { restorationXmp } from '../../../../src/core/photo/xmp.ts';
import { paint, picture } from '../../../support/pictures.ts';
import { sharedFolder } from '../../../support/temporary.ts';
import { xmlFault } from '../../../support/xml.ts';

const folder = await sharedFolder();
const XMP = restorationXmp(
  'RASR test & co',
  JSON.stringify({ photo: 'a <b> & "c".jpg', note: 'тигр 🐅' }),
  null,
);
const [WIDTH, HEIGHT] = [48, 32];

/** Largest difference a codec at our quality may make on a soft picture, of 255. Lossless ones make none. */
const TOLERANCE: Record<ImageFormat, number> = { jpeg: 8, png: 0, webp: 12, tiff: 0, avif: 14 };
const KEEPS_ALPHA: readonly ImageFormat[] = ['png', 'webp', 'tiff', 'avif'];
const KEEPS_16_BIT: readonly ImageFormat[] = ['png', 'tiff'];

/** Photos as they come: what each is, and how it is made. */
const PHOTOS: Record<string, { readonly extension: string; make(file: string): Promise<unknown> }> = {
  'an RGB photo': {
    extension: 'png',
    make: (file) =>
      picture(WIDTH, HEIGHT)
        .withExif({ IFD0: { Copyright: 'Zoo' } })
        .toFile(file),
  },
  'a JPEG': {
    extension: 'jpg',
    make: (file) =>
      picture(WIDTH, HEIGHT)
        .withExif({ IFD0: { Copyright: 'Zoo' } })
        .jpeg({ quality: 98 })
        .toFile(file),
  },
  'a turned photo': {
    extension: 'jpg',
    make: (file) =>
      picture(HEIGHT, WIDTH)
        .withExif({ IFD0: { Copyright: 'Zoo' } })
        .withMetadata({ orientation: 6 })
        .jpeg({ quality: 98 })
        .toFile(file),
  },
  'a grey photo': {
    extension: 'png',
    make: (file) => picture(WIDTH, HEIGHT).toColourspace('b-w').toFile(file),
  },
  'a photo with alpha': { extension: 'png', make: (file) => withAlpha().toFile(file) },
  'a 16-bit photo': {
    extension: 'png',
    make: (file) => picture(WIDTH, HEIGHT).linear(0.97, 0.3).toColourspace('rgb16').toFile(file),
  },
  'a 16-bit photo with alpha': {
    extension: 'tif',
    make: (file) => withAlpha().toColourspace('rgb16').tiff({ compression: 'deflate' }).toFile(file),
  },
  'a 16-bit grey photo': {
    extension: 'png',
    make: (file) => picture(WIDTH, HEIGHT).toColourspace('grey16').toFile(file),
  },
  'a CMYK photo': {
    extension: 'jpg',
    make: (file) => picture(WIDTH, HEIGHT).withIccProfile('cmyk').jpeg({ quality: 98 }).toFile(file),
  },
  'a Lab scan': {
    extension: 'tif',
    make: (file) => picture(WIDTH, HEIGHT).toColourspace('lab').tiff({ compression: 'deflate' }).toFile(file),
  },
  'a Display P3 photo': {
    extension: 'jpg',
    make: (file) =>
      picture(WIDTH, HEIGHT)
        .withIccProfile('p3')
        .withExif({ IFD0: { Copyright: 'Zoo' } })
        .jpeg({ quality: 98 })
        .toFile(file),
  },
  'a 16-bit scan of a wide gamut, with alpha': {
    extension: 'tif',
    make: (file) =>
      withAlpha().withIccProfile('p3').toColourspace('rgb16').tiff({ compression: 'deflate' }).toFile(file),
  },
  'a WebP': { extension: 'webp', make: (file) => withAlpha().webp({ lossless: true }).toFile(file) },
  'an AVIF': { extension: 'avif', make: (file) => picture(WIDTH, HEIGHT).avif({ quality: 90 }).toFile(file) },
};

function withAlpha() {
  const alpha = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => 60 + (i % WIDTH) * 4);
  return picture(WIDTH, HEIGHT).joinChannel(Buffer.from(alpha), {
    raw: { width: WIDTH, height: HEIGHT, channels: 1 },
  });
}

async function roundTrip(
  name: string,
  format: ImageFormat,
): Promise<{ original: Photo; before: Metadata; result: Photo; after: Metadata }> {
  const { extension, make } = PHOTOS[name]!;
  const source = path.join(folder, `${name.replaceAll(' ', '-')}-${format}.${extension}`);
  await make(source);
  const original = await decodePhoto(source);
  const destination = path.join(folder, `${path.basename(source)}-out${extensionOf(format)}`);
  await encodePicture(original, original, format, XMP, destination);
  return {
    original,
    before: await sharp(source).metadata(),
    result: await decodePhoto(destination),
    after: await sharp(destination).metadata(),
  };
}

function largestDifference(a: Picture, b: Picture, channel: 'data' | 'alpha'): number {
  const [one, two] = [a[channel]!, b[channel]!];
  expect(two).toHaveLength(one.length);
  const [toUnitOne, toUnitTwo] = [255 / sampleMaximum(one), 255 / sampleMaximum(two)];
  let worst = 0;
  for (let i = 0; i < one.length; i++)
    worst = Math.max(worst, Math.abs(one[i]! * toUnitOne - two[i]! * toUnitTwo));
  return worst;
}

/** The picture on white, where the format knows no transparency. */
function onWhite(photo: Photo): Picture {
  if (photo.alpha === null) return photo;
  const [maximum, alpha] = [sampleMaximum(photo.data), photo.alpha];
  const data = Uint8Array.from(photo.data, (value, i) => {
    const opacity = alpha[Math.trunc(i / 3)]! / maximum;
    return Math.round((value / maximum) * opacity * 255 + 255 * (1 - opacity));
  });
  return { ...photo, data, alpha: null };
}

describe.each(Object.keys(PHOTOS))('%s', (name) => {
  it.each(IMAGE_FORMATS)('comes back from %s', async (format) => {
    const { original, before, result, after } = await roundTrip(name, format);

    expect(result.format).toBe(format);
    expect([result.width, result.height]).toEqual([WIDTH, HEIGHT]);
    expect(after.orientation ?? 1).toBe(1);

    const deep = original.data instanceof Uint16Array;
    expect(result.data instanceof Uint16Array).toBe(deep && KEEPS_16_BIT.includes(format));
    const rounding = deep && !KEEPS_16_BIT.includes(format) ? 0.51 : 0;
    const wanted = KEEPS_ALPHA.includes(format) ? original : onWhite(original);
    expect(largestDifference(wanted, result, 'data')).toBeLessThanOrEqual(TOLERANCE[format] + rounding);
    if (wanted.alpha === null) expect(result.alpha).toBeNull();
    else
      expect(largestDifference(wanted, result, 'alpha')).toBeLessThanOrEqual(
        format === 'avif' ? 3 : rounding,
      );

    if (original.colour === 'embedded') expect(after.icc?.equals(before.icc!)).toBe(true);
    else expect(after.space).toBe(deep && KEEPS_16_BIT.includes(format) ? 'rgb16' : 'srgb');
    // libvips writes no EXIF into TIFF.
    if (before.exif?.includes('Zoo') && format !== 'tiff') expect(after.exif?.includes('Zoo')).toBe(true);

    const packet = after.xmpAsString!;
    expect(packet).toBe(XMP);
    expect(xmlFault(packet)).toBeNull();
    expect(packet).toContain('digitalsourcetype/compositeWithTrainedAlgorithmicMedia');
  });
});

describe('encodePicture', () => {
  it('writes pictures of another size than the photo, one pixel included', async () => {
    const source = path.join(folder, 'one.png');
    await picture(1, 1).withIccProfile('p3').toFile(source);
    const original = await decodePhoto(source);
    const data = paint(4, 4, (x, y) => [x, y, 0.5]);
    const destination = path.join(folder, 'four.png');
    await encodePicture({ width: 4, height: 4, data, alpha: null }, original, 'png', XMP, destination);
    const result = await decodePhoto(destination);
    expect([...result.data]).toEqual([...data]);
    expect(result.colour).toBe('embedded');
  });

  it('keeps the place and time a phone wrote down', async () => {
    const source = path.join(folder, 'phone.jpg');
    const exif = {
      IFD0: { Make: 'Phone' },
      IFD2: { DateTimeOriginal: '2026:01:02 03:04:05' },
      IFD3: { GPSAltitude: '42/1' },
    };
    await picture(WIDTH, HEIGHT).withExif(exif).withMetadata({ orientation: 8 }).jpeg().toFile(source);
    const original = await decodePhoto(source);
    const destination = path.join(folder, 'phone-out.jpg');
    await encodePicture(original, original, 'jpeg', XMP, destination);
    const { exif: kept, orientation } = await sharp(destination).metadata();
    expect(kept!.includes('Phone') && kept!.includes('2026:01:02 03:04:05')).toBe(true);
    expect(orientation).toBe(1);
  });
});

describe('restorationXmp', () => {
  it('is well-formed and carries the record whatever the names in it are', () => {
    const record = JSON.stringify({ name: `]]> & <x a="1"> ' \u0001 \u{1F405}` });
    const packet = restorationXmp('RASR <1> & 2', record, null);
    expect(xmlFault(packet)).toBeNull();
    const carried = /<rasr:Record>(.*)<\/rasr:Record>/s.exec(packet)![1]!;
    const text = carried.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    expect(JSON.parse(text)).toEqual(JSON.parse(record));
  });

  it('is added to what the original says of its rights, and takes the place of an earlier one', () => {
    const original = [
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
      '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"',
      ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Camera 3.1">',
      '<dc:rights>City Museum</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>',
    ].join('');
    const first = restorationXmp('RASR 1', '{"run":1}', original);
    const second = restorationXmp('RASR 2', '{"run":2}', first);
    for (const packet of [first, second]) {
      expect(xmlFault(packet)).toBeNull();
      expect(packet).toContain('<dc:rights>City Museum</dc:rights>');
      expect(packet).not.toContain('Camera 3.1');
    }
    expect(second.match(/<xmp:CreatorTool>.*?<\/xmp:CreatorTool>/g)).toEqual([
      '<xmp:CreatorTool>RASR 2</xmp:CreatorTool>',
    ]);
    expect(second.match(/<rasr:Record>.*?<\/rasr:Record>/g)).toEqual([
      '<rasr:Record>{"run":2}</rasr:Record>',
    ]);
  });
});
