import {
  type AnyTxtNode,
  ASTNodeTypes,
  type TxtDocumentNode,
  type TxtNodeLocation,
  type TxtNodeRange,
  type TxtParagraphNode,
} from '@textlint/ast-node-types';
import { type TextlintPluginCreator } from '@textlint/types';
import ts from 'typescript';
import { type Characters, commentLines, inlineCode, literalLines, proseLines } from './prose-lines';

/** textlint plugin for TypeScript and JavaScript: turns comments and prose strings into paragraphs at their positions in the file. */
export const codePlugin: TextlintPluginCreator = {
  Processor: class {
    public availableExtensions() {
      return ['.ts', '.mts', '.mjs', '.js'];
    }

    public processor() {
      return {
        preProcess: (text: string, filePath = 'code.ts') => documentOf(text, filePath),
        postProcess: (messages: never[], filePath = 'code.ts') => ({ messages, filePath }),
      };
    }
  },
};

/** Reads titles and comments in tests. Reads comments and prose strings in all other files. */
function documentOf(text: string, file: string): TxtDocumentNode {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const isTest = /(?:^|\/)test\/|\.test\.ts$/.test(file);
  const strings = isTest ? titlesIn(source) : stringsIn(source).flatMap(proseLines);
  const paragraphs = [...commentsIn(source).flatMap(commentLines), ...strings]
    .filter((characters) => characters.some(({ text: each }) => /\w/.test(each)))
    .sort((a, b) => a[0]!.at - b[0]!.at)
    .map((characters) => paragraphOf(source, characters));
  const range: TxtNodeRange = [0, text.length];
  return { type: ASTNodeTypes.Document, raw: text, range, loc: locationOf(source, range), children: paragraphs };
}

/** Finds the content of block comments, and of line comments with consecutive ones joined. */
function commentsIn(source: ts.SourceFile): Characters[] {
  const { text } = source;
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const comments = [
      ...(ts.getLeadingCommentRanges(text, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.end) ?? []),
      ...(ts.getLeadingCommentRanges(text, node.end) ?? []),
    ];
    for (const comment of comments) ranges.set(comment.pos, comment);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const sorted = [...ranges.values()].sort((a, b) => a.pos - b.pos);
  const groups: Characters[] = [];
  let last: ts.CommentRange | undefined;
  for (const comment of sorted) {
    const isLine = comment.kind === ts.SyntaxKind.SingleLineCommentTrivia;
    const joins = isLine && last?.kind === comment.kind && /^\n?[ \t]*$/.test(text.slice(last.end, comment.pos));
    const characters = isLine
      ? charactersOf(text, comment.pos + 2, comment.end)
      : charactersOf(text, comment.pos + (text.startsWith('/**', comment.pos) ? 3 : 2), comment.end - 2);
    if (joins) groups.at(-1)!.push({ text: '\n', at: last!.end }, ...characters);
    else groups.push(characters);
    last = comment;
  }
  return groups.filter((characters) => characters.length > 0);
}

function charactersOf(text: string, start: number, end: number): Characters {
  return Array.from({ length: end - start }, (_, index) => ({ text: text[start + index]!, at: start + index }));
}

const TEST_FUNCTIONS = ['describe', 'test', 'it'];

/** Finds the first arguments of `describe`, `test` and `it`, with or without `.each`. */
function titlesIn(source: ts.SourceFile): Characters[] {
  const titles: Characters[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && TEST_FUNCTIONS.includes(rootName(node.expression)) && node.arguments[0]) {
      titles.push(...(readString(node.arguments[0]) ?? []).flatMap(literalLines));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** Returns the leftmost name of an expression, for example `test` for `test.each([…])`. */
function rootName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootName(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return rootName(node.tag);
  return '';
}

/** Finds every string and template, except module names. */
function stringsIn(source: ts.SourceFile): Characters[] {
  const strings: Characters[] = [];
  const visit = (node: ts.Node): void => {
    if (isModuleName(node)) return;
    const parts = ts.isExpression(node) ? readString(node) : undefined;
    if (parts) strings.push(...parts);
    // A string inside a template expression is separate.
    if (!ts.isBinaryExpression(node) || !parts) ts.forEachChild(node, visit);
    else inner(node, visit);
  };
  visit(source);
  return strings;
}

function inner(node: ts.Expression, visit: (node: ts.Node) => void): void {
  if (ts.isBinaryExpression(node)) for (const side of [node.left, node.right]) inner(side, visit);
  else if (!ts.isStringLiteralLike(node)) ts.forEachChild(node, visit);
}

function isModuleName(node: ts.Node): boolean {
  return (
    ts.isImportDeclaration(node) ||
    ts.isExternalModuleReference(node) ||
    (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) ||
    (ts.isCallExpression(node) && ['require', 'import'].includes(node.expression.getText()))
  );
}

/** Reads a string, a template, or a concatenation of them. Returns nothing for other expressions. */
function readString(node: ts.Expression): Characters[] | undefined {
  const characters = charactersOfString(node);
  return characters && [characters];
}

function charactersOfString(node: ts.Expression): Characters | undefined {
  if (ts.isParenthesizedExpression(node)) return charactersOfString(node.expression);
  if (ts.isStringLiteralLike(node)) return unescaped(node, 1, 1);
  if (ts.isTemplateExpression(node)) {
    return [
      ...unescaped(node.head, 1, 2),
      ...node.templateSpans.flatMap(({ expression, literal }) => [
        ...inlineCode(expression.getStart()),
        ...unescaped(literal, 1, literal.kind === ts.SyntaxKind.TemplateTail ? 1 : 2),
      ]),
    ];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [charactersOfString(node.left), charactersOfString(node.right)];
    if (!left && !right) return undefined;
    return [...(left ?? inlineCode(node.left.getStart())), ...(right ?? inlineCode(node.right.getStart()))];
  }
  return undefined;
}

/** Reads the content of a literal, without its delimiters and with escapes decoded. */
function unescaped(node: ts.Node, open: number, close: number): Characters {
  const start = node.getStart();
  const raw = node.getText();
  const characters: Characters = [];
  for (const { index, 0: match } of raw
    .slice(open, raw.length - close)
    .matchAll(/\\(?:u\{?[\da-f]+\}?|x..|[^])|[^]/gi)) {
    const text = /^\\[nr]/.test(match) ? '\n' : match.length > 2 ? ' ' : match.slice(-1);
    characters.push({ text, at: start + open + index });
  }
  return characters;
}

/** Builds a textlint paragraph: a string for each run of adjacent characters, inline code, and line breaks. */
function paragraphOf(source: ts.SourceFile, characters: Characters): TxtParagraphNode {
  const children: AnyTxtNode[] = [];
  const add = (type: 'Str' | 'Code' | 'Break', start: number, end: number) => {
    const range: TxtNodeRange = [start, end];
    const raw = source.text.slice(start, end);
    children.push({ type, raw, range, loc: locationOf(source, range), value: raw });
  };
  for (let index = 0; index < characters.length;) {
    const first = characters[index]!;
    let end = index + 1;
    if (first.text === '\n') add('Break', first.at, first.at + 1);
    else if (first.isCode) add('Code', first.at, first.at + 1);
    else {
      for (; end < characters.length; end++) {
        const { text, at, isCode } = characters[end]!;
        if (isCode || text === '\n' || at !== characters[end - 1]!.at + 1) break;
      }
      add('Str', first.at, characters[end - 1]!.at + 1);
    }
    index = end;
  }
  const range: TxtNodeRange = [characters[0]!.at, characters.at(-1)!.at + 1];
  return {
    type: ASTNodeTypes.Paragraph,
    raw: source.text.slice(...range),
    range,
    loc: locationOf(source, range),
    children: children as TxtParagraphNode['children'],
  };
}

function locationOf(source: ts.SourceFile, [start, end]: TxtNodeRange): TxtNodeLocation {
  const at = (position: number) => {
    const { line, character } = source.getLineAndCharacterOfPosition(position);
    return { line: line + 1, column: character };
  };
  return { start: at(start), end: at(end) };
}
