/** What keeps a text from being well-formed XML, as far as an XMP packet goes, or null. */
export function xmlFault(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) return 'a forbidden character';
  const tag = /<\?[^?]*\?>|<(\/?)([\w:]+)((?:\s+[\w:]+\s*=\s*"[^"<&]*")*)\s*(\/?)>/g;
  const content = text.replace(tag, '');
  if (content.includes('<') || content.includes('>')) return 'a stray angle bracket';
  if (/&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);)/i.test(content)) return 'a stray ampersand';
  const open: string[] = [];
  const prefixes = new Set<string>();
  for (const [, closing, name, attributes = '', empty] of text.matchAll(tag)) {
    if (name === undefined) continue;
    for (const [, prefix] of attributes.matchAll(/xmlns:(\w+)=/g)) prefixes.add(prefix!);
    const [prefix] = name.split(':');
    if (!prefixes.has(prefix!)) return `an unknown prefix ${prefix}`;
    if (closing === '/') {
      if (open.pop() !== name) return `an unexpected end of ${name}`;
    } else if (empty !== '/') {
      open.push(name);
    }
  }
  return open.length > 0 ? `${open.at(-1)} has no end` : null;
}
