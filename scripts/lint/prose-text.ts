import { type AnyTxtNode, type TxtParentNode } from '@textlint/ast-node-types';

/** Placeholder for inline code, URLs and template expressions in plain text. Counts as one word. */
export const CODE = '\uFFFC';

/** Inline code, and its offset from the start of the paragraph. */
export interface InlineCode {
  readonly text: string;
  readonly offset: number;
}

/** Text of a paragraph without Markdown syntax, with the source offset of each character. */
export interface PlainText {
  readonly text: string;
  /** Offsets from the start of the paragraph, one for each character of the text. */
  readonly offsets: readonly number[];
  readonly code: readonly InlineCode[];
}

/** Returns the text that a reader sees in a paragraph, heading or table cell. */
export function plainText(node: TxtParentNode): PlainText {
  let text = '';
  const offsets: number[] = [];
  const code: InlineCode[] = [];
  const add = (more: string, offset: number, step: 0 | 1) => {
    for (let index = 0; index < more.length; index++) offsets.push(offset + step * index);
    text += more;
  };
  const visit = (child: AnyTxtNode): void => {
    const offset = child.range[0] - node.range[0];
    if (child.type === 'Str') readString(child.raw, offset);
    else if (child.type === 'Break') add(' ', offset, 0);
    else if (child.type === 'Code' || child.type === 'Image') {
      add(CODE, offset, 0);
      if (child.type === 'Code') code.push({ text: child.raw, offset });
    } else if ('children' in child) child.children.forEach(visit);
  };
  const readString = (raw: string, offset: number) => {
    // The lines of a quotation repeat its mark.
    let end = 0;
    for (const { index, 0: match } of raw.matchAll(/\s*\n[ \t]*(?:>[ \t]*)*|https?:\/\/\S*[^\s.,;:)]/g)) {
      add(raw.slice(end, index), offset + end, 1);
      add(match.startsWith('http') ? CODE : ' ', offset + index, 0);
      end = index + match.length;
    }
    add(raw.slice(end), offset + end, 1);
  };
  node.children.forEach(visit);
  return { text, offsets, code };
}
