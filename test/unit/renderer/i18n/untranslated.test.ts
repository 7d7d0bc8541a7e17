import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { NAMESPACES, resources } from '../../../../src/renderer/i18n/resources.ts';

const RENDERER = path.resolve(import.meta.dirname, '../../../../src/renderer');

/** A folder counts as converted from its first message on. */
const CONVERTED = NAMESPACES.filter((namespace) => Object.keys(resources.en[namespace]).length > 0);

/** Attributes and properties whose text people read or hear. */
const READ =
  /^(aria-(label|description|valuetext|roledescription)|label|title|placeholder|alt|description|text)$/;
const LETTERS = /\p{L}{2}/u;
const WORDS = /\p{L}{2,}[,:.]? \p{L}/u;
/** A word in a template, beside a blank: `12px` is none. */
const TEMPLATE_WORD = /(^|\s)\p{L}{2,}[,:.]?\s|\s\p{L}{2,}($|[\s.,:])/u;
/** Names that are the same in every language. */
const NAMES = new Set(['RASR', 'huggingface.co/']);

/** Literal text for people in a source file, as `line: text`. */
function literals(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const report = (node: ts.Node, text: string) => {
    if (!LETTERS.test(text) || NAMES.has(text.replaceAll(/[\s·:]/g, ''))) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${line + 1}: ${text.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    // What a programmer reads, and what the style sheet does.
    if (ts.isImportDeclaration(node) || ts.isThrowStatement(node) || ts.isTypeNode(node)) return;
    if (ts.isJsxAttribute(node) && /^(className|style|key)$/.test(node.name.getText(source))) return;
    if (ts.isJsxText(node)) report(node, node.text);
    else if (ts.isStringLiteralLike(node)) {
      if (isRead(node, source) || WORDS.test(node.text)) report(node, node.text);
    } else if (ts.isTemplateExpression(node)) {
      const text = [node.head, ...node.templateSpans.map(({ literal }) => literal)]
        .map((part) => part.text)
        .join('…');
      if (TEMPLATE_WORD.test(text) || (isRead(node, source) && LETTERS.test(text))) report(node, text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a literal is the value of an attribute or property that people read, or one of the two of a `? :` there. */
function isRead(node: ts.Node, source: ts.SourceFile): boolean {
  const { parent } = node;
  if (ts.isJsxAttribute(parent) || ts.isPropertyAssignment(parent))
    return READ.test(parent.name.getText(source));
  if (ts.isJsxExpression(parent)) {
    return ts.isJsxAttribute(parent.parent) ? isRead(parent, source) : true;
  }
  return ts.isConditionalExpression(parent) && node !== parent.condition && isRead(parent, source);
}

function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

describe('text that is not translated', () => {
  it.each([
    ['<p>Add photos</p>', ['1: Add photos']],
    ['<p>{count} photos</p>', ['1: photos']],
    ['<img alt="Photo" />', ['1: Photo']],
    ['<p title={open ? "Close" : "Open"} />', ['1: Close', '1: Open']],
    ['<b>{done ? "Done" : null}</b>', ['1: Done']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    ['const words = `Add ${count} photos`;', ['1: Add … photos']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    ['const css = `translate(${x}px, ${y}px) scale(${z})`;', []],
    ['const place = { label: "Models" };', ['1: Models']],
    ['const words = "of the batch";', ['1: of the batch']],
    ['<p className="a b cc dd" key="x y" data-kind="running">{t("toolbar.add")} · RASR</p>', []],
    ['throw new Error("useApi needs a context");', []],
    ['<b>{state === "done" ? t("done") : t("open")}</b>', []],
  ])('is found in %s', (code, found) => {
    expect(literals(parse('a.tsx', code))).toEqual(found);
  });

  it.each(CONVERTED)('is not in %s', (namespace) => {
    const folder = path.join(RENDERER, namespace);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.tsx?$/.test(file) && !file.startsWith('messages'),
    );
    const found = files.flatMap((file) =>
      literals(parse(file, readFileSync(path.join(folder, file), 'utf8'))).map((text) => `${file}:${text}`),
    );
    expect(found).toEqual([]);
  });
});
