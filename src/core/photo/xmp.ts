/** IPTC's controlled term for pictures whose pixels a trained model helped to make. */
const DIGITAL_SOURCE_TYPE =
  'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

/** Properties that describe this file and not its original: ours take the place of any there are. */
const OWN_PROPERTIES = ['Iptc4xmpExt:DigitalSourceType', 'xmp:CreatorTool', 'rasr:Record'] as const;

/**
 * The XMP packet of a restored photo: IPTC DigitalSourceType (IPTC Photo Metadata 2023.2), the tool and our
 * record as JSON, added to what the original's packet says of rights, creator and the rest.
 *
 * @param original the photo's own packet, or null
 */
export function restorationXmp(tool: string, record: string, original: string | null): string {
  const description = [
    '<rdf:Description rdf:about=""',
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
    ' xmlns:rasr="urn:rasr:record:1#">',
    `<Iptc4xmpExt:DigitalSourceType>${DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>`,
    `<xmp:CreatorTool>${escapeXml(tool)}</xmp:CreatorTool>`,
    `<rasr:Record>${escapeXml(record)}</rasr:Record>`,
    '</rdf:Description>',
  ].join('\n');
  const end = original?.lastIndexOf('</rdf:RDF>') ?? -1;
  if (original === null || end < 0) return packet(description);
  return `${withoutOwn(original.slice(0, end))}${description}\n${original.slice(end)}`;
}

function packet(description: string): string {
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    description,
    '</rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}

/** A property may be an element or an attribute of its description; XMP allows it once. */
function withoutOwn(xmp: string): string {
  return OWN_PROPERTIES.reduce(
    (text, name) =>
      text
        .replace(new RegExp(`<${name}[\\s>][\\s\\S]*?</${name}>`, 'g'), '')
        .replace(new RegExp(`\\s${name}=("[^"]*"|'[^']*')`, 'g'), ''),
    xmp,
  );
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
