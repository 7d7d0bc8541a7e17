import path from 'node:path';
import { extensionOf, IMAGE_FORMATS, type ImageFormat } from '../photo/formats.ts';
import { checkNameTemplate, outputName, stemOf } from '../restoration/output-name.ts';
import type { JobSettings } from './job.ts';

/**
 * What the output of a photo would be called.
 *
 * @param photo the photo's file name
 * @param gallery name of the gallery the reference would come from, or `none`
 * @throws RasrError `NAME_INVALID`
 */
export function exampleName(
  photo: string,
  { nameTemplate, scale, format }: Omit<JobSettings, 'gallery'>,
  gallery: string,
): string {
  checkNameTemplate(nameTemplate);
  const date = new Date().toISOString().slice(0, 10);
  const values = { name: stemOf(photo), scale, gallery, date };
  return outputName(nameTemplate, values, format === 'keep' ? formatByName(photo) : format);
}

/** The format a name promises; `.tiff` and `.jpeg` are told by how they begin or not at all. */
function formatByName(photo: string): ImageFormat {
  const extension = path.extname(photo).toLowerCase();
  return IMAGE_FORMATS.find((format) => extension.startsWith(extensionOf(format))) ?? 'jpeg';
}
