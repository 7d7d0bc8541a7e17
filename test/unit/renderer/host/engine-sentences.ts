import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SRC = path.resolve(import.meta.dirname, '../../../../src');
/** What the window can come to hear; the command line speaks English. */
const FOLDERS = ['core', 'api', 'server'];
/** Told where the server is started, before there is a window. */
const BEFORE_THE_WINDOW = ['serve.ts', 'supervise.ts'];

/** A sentence of the engine with `§` for each value in it, and where it stands. */
export interface EngineSentence {
  readonly text: string;
  readonly place: string;
}

/** Messages and remedies of every `new RasrError(code, message, remedy)` whose words stand in the source. */
export function engineSentences(): EngineSentence[] {
  return FOLDERS.flatMap((folder) => {
    const files = readdirSync(path.join(SRC, folder), { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.ts') && !BEFORE_THE_WINDOW.includes(path.basename(file)))
      .flatMap((file) =>
        sentencesOf(path.join(folder, file), readFileSync(path.join(SRC, folder, file), 'utf8')),
      );
  });
}

function sentencesOf(name: string, code: string): EngineSentence[] {
  const source = ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true);
  const found: EngineSentence[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'RasrError') {
      for (const argument of (node.arguments ?? []).slice(1, 3)) {
        for (const text of textsOf(argument)) found.push({ text, place: name });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** All that an expression can come to; nothing where it is handed in from elsewhere. */
function textsOf(node: ts.Expression): string[] {
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `§${literal.text}`).join('')];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return textsOf(node.left).flatMap((left) => textsOf(node.right).map((right) => left + right));
  }
  return [];
}
