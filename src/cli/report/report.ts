import { readFile, writeFile } from 'node:fs/promises';
import { html, raw } from 'hono/html';
import sharp from 'sharp';
import { writeFileAtomically } from '../../core/files/atomic-write.ts';
import type { RecordedSameObject, RestorationRecord } from '../../core/restoration/record.ts';
import type { Restoration } from '../../core/restoration/restore.ts';
import { describeDecision } from '../commands/restore.ts';
import { SCRIPT, STYLE } from './assets.ts';

/** One restored photo in a report. */
export interface ReportEntry {
  /** Absolute path of the photo. */
  readonly photo: string;
  readonly restoration: Restoration;
  /** The same photo restored without a reference, to compare; null where that was not done. */
  readonly without: Restoration | null;
  /** Absolute paths of the references' pictures. */
  readonly references: readonly string[];
}

/** Width of a reference's picture in the report, in pixels. */
const REFERENCE_WIDTH = 480;

/** Writes one HTML file with every picture in it: it can be mailed, and opens without a network. */
export async function writeReport(
  file: string,
  entries: readonly ReportEntry[],
  tool: string,
): Promise<void> {
  const sections = await Promise.all(entries.map(section));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>RASR: before and after</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>Before and after</h1>
          <p>${entries.length} photos restored by ${tool}. Drag the handle, or use the arrow keys.</p>
        </header>
        <main>${sections}</main>
        <script>
          ${raw(SCRIPT)}
        </script>
      </body>
    </html>`;
  const text = String(await page);
  await writeFileAtomically(file, 'replace', (temporary) => writeFile(temporary, text));
}

async function section({ photo, restoration, without, references }: ReportEntry) {
  const { record, output } = restoration;
  const { width, height } = record.output;
  const before = asDataUrl(await readFile(photo), 'image/jpeg');
  const [after, other] = await Promise.all([resultPicture(output), without && resultPicture(without.output)]);
  const shown = await Promise.all(references.map(referencePicture));
  const { name } = record.photo;
  const { sameObject } = record;
  return html`<section>
    <div class="picture">
      <div class="compare" style="aspect-ratio: ${width} / ${height}">
        <img class="after" src="${after}" alt="${name}, restored" />
        ${sameObject && tint(sameObject)}
        <img class="before of-photo" src="${before}" alt="${name}, as it was" />
        <span class="label left of-photo">Before</span><span class="label right ${other && 'of-photo'}">After</span>
        ${
          other &&
          html`<img class="before of-other" src="${other}" alt="${name}, restored without a reference" />
            <span class="label left of-other">No reference</span>
            <span class="label right of-other">With the reference</span>`
        }
        <input type="range" min="0" max="100" value="50" step="0.5" aria-label="Compare before and after of ${name}" />
      </div>
      ${(other || sameObject) && choices(name, other !== null, sameObject !== null)}
    </div>
    <aside>
      <h2>${name}</h2>
      ${sameObject ? sameObjectWords(record, sameObject) : html`<p>Restored ${describeDecision(record)}.</p>`}
      ${shown.map((url, i) => html`<img src="${url}" alt="Reference ${record.references[i]!.name}" />`)}
      <dl>
        <dt>Size</dt>
        <dd>${record.photo.width} × ${record.photo.height} → ${width} × ${height}</dd>
        <dt>Fidelity</dt>
        <dd>${record.fidelity.toFixed(1)} dB</dd>
        <dt>Time</dt>
        <dd>${record.seconds.toFixed(1)} s on ${record.device}</dd>
        <dt>Model</dt>
        <dd>${record.generator.id} ${record.generator.version}</dd>
      </dl>
    </aside>
  </section>`;
}

/** What is on the left of the divider, and whether what came from the reference is tinted. */
function choices(name: string, hasOther: boolean, hasTint: boolean) {
  return html`<form class="choices" aria-label="What is shown of ${name}">
    ${
      hasOther &&
      html`<fieldset>
        <legend>Compare with</legend>
        <label><input type="radio" name="before" checked /> Photo</label>
        <label><input type="radio" name="before" class="choose-other" /> No reference</label>
      </fieldset>`
    }
    ${
      hasTint &&
      html`<label>
        <input type="checkbox" class="choose-tint" />
        <span class="swatch"></span> Tint what came from the reference
      </label>`
    }
  </form>`;
}

function tint({ weightMap }: RecordedSameObject) {
  return html`<div class="tint" style="mask-image: url(data:image/png;base64,${weightMap})"></div>`;
}

function sameObjectWords({ references }: RestorationRecord, { sha256, used, overlap }: RecordedSameObject) {
  const { gallery, name } = references.find((reference) => reference.sha256 === sha256)!;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return html`<p class="badge">This very object</p>
    <p>
      ${percent(used)} of the picture comes from ${gallery === null ? name : `${gallery} / ${name}`}, which covers
      ${percent(overlap)} of it.
    </p>`;
}

async function resultPicture(file: string): Promise<string> {
  return asDataUrl(await sharp(file).jpeg({ quality: 90 }).toBuffer(), 'image/jpeg');
}

async function referencePicture(file: string): Promise<string> {
  const small = sharp(file).resize(REFERENCE_WIDTH, undefined, { withoutEnlargement: true });
  return asDataUrl(await small.jpeg({ quality: 82 }).toBuffer(), 'image/jpeg');
}

function asDataUrl(bytes: Buffer, mediaType: string): string {
  return `data:${mediaType};base64,${bytes.toString('base64')}`;
}
