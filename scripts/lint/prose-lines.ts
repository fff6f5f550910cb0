import { CODE } from './prose-text';

/** A character and its position in the file. Inline code is a single character. */
export interface Character {
  readonly text: string;
  readonly at: number;
  readonly isCode?: boolean;
}

export type Characters = Character[];

export function inlineCode(at: number): Characters {
  return [{ text: CODE, at, isCode: true }];
}

/** Backticks, docstring links, URLs, calls, flags, placeholders in angle brackets, and object literals. */
const INLINE_CODE =
  /`[^`]*`|\{@\w+[^}]*\}|https?:\/\/[^\s'"]*[^\s'".,;:)]|\b[\w$]+(?:\.[\w$]+)*\((?:[^()]|\([^()]*\))*\)|(?<![\w-])--?[a-z][\w-]*(?:=\S+)?|<[a-z][^<>\n]*>|\{ [^{}]* \}/g;

/** Splits a comment into paragraphs. Tags, list items and table cells are separate; code is skipped. */
export function commentLines(characters: Characters): Characters[] {
  const paragraphs: Characters[] = [];
  let open: Characters | undefined;
  let skips: 'fence' | 'tag' | undefined;
  for (const whole of linesOf(characters)) {
    const line = withoutMargin(whole);
    const text = textOf(line);
    if (/^(?:```|~~~)/.test(text)) {
      skips = skips === 'fence' ? undefined : 'fence';
      open = undefined;
    } else if (skips === 'fence') continue;
    else if (text === '') [open, skips] = [undefined, skips === 'tag' ? skips : undefined];
    else {
      for (const part of tagsOf(line)) {
        const [, tag = '', rest = ''] = /^@([\w-]+)\s*([^]*)$/.exec(textOf(part)) ?? [];
        if (tag) {
          const skipped = tag === 'default' ? !rest.startsWith('- ') : SKIPPED_TAGS.test(tag);
          [open, skips] = [undefined, skipped ? 'tag' : undefined];
          if (!skipped) paragraphs.push((open = part.slice(part.length - tagText(tag, rest).length)));
        } else if (skips === 'tag') continue;
        else if (/^(?:[-*•]|\d+[.)]) /.test(textOf(part))) {
          paragraphs.push((open = part.slice(textOf(part).indexOf(' ') + 1)));
        } else if (text.startsWith('|')) paragraphs.push(...cellsOf(part));
        else if (IS_DIRECTIVE.test(textOf(part))) open = undefined;
        else if (open) open.push({ text: '\n', at: open.at(-1)!.at + 1 }, ...part);
        else paragraphs.push((open = part));
      }
    }
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0).map(withInlineCode);
}

/** Tags that contain a URL or code. */
const SKIPPED_TAGS = /^(?:see|example|ts-.*|internal|jest-.*|type|typedef|import|swc.*)$/;
const IS_DIRECTIVE = /^(?:!|eslint-|prettier-|global |~~ |\/ <)/;

/** Splits a line before each tag. */
function tagsOf(line: Characters): Characters[] {
  const text = textOf(line);
  const starts = [...text.matchAll(/(?<=^|\s)@(?=[a-z][\w-]*(?:\s|$))/g)].map(({ index }) => index);
  const bounds = [...new Set([0, ...starts])];
  return bounds.map((start, index) => trimmed(line.slice(start, bounds[index + 1]))).filter(({ length }) => length > 0);
}

/** Returns the prose of a tag, without the parameter name, the error type and the dash. */
function tagText(tag: string, rest: string): string {
  return rest.replace(/^\{[^}]*\}\s*/, '').replace(tag === 'param' ? /^[\w.]+\s*(?:-\s*)?/ : /^-\s*/, '');
}

function cellsOf(line: Characters): Characters[] {
  const cells: Characters[] = [[]];
  for (const character of line) {
    if (character.text === '|') cells.push([]);
    else cells.at(-1)!.push(character);
  }
  return cells.map(trimmed).filter(({ length }) => length > 0);
}

function withoutMargin(line: Characters): Characters {
  const [margin] = /^\s*(?:\*(?!\*)\s?)?/.exec(textOf(line))!;
  return trimmed(line.slice(margin.length));
}

/** Splits a string into lines and marks inline code. */
export function literalLines(characters: Characters): Characters[] {
  return linesOf(withInlineCode(characters))
    .map(trimmed)
    .filter(({ length }) => length > 0);
}

/** Returns the lines of a string that are prose, and the quoted prose in lines of code. */
export function proseLines(characters: Characters): Characters[] {
  return linesOf(characters)
    .flatMap((line) => (textOf(line).startsWith('| ') ? cellsOf(line) : betweenTags(line)))
    .flatMap((line) => {
      const read = trimmed(withInlineCode(line));
      if (!IS_CODE.test(textOf(read))) return [read];
      return [...textOf(line).matchAll(QUOTED)].map(({ index, 0: match }) =>
        trimmed(withInlineCode(line.slice(index + 1, index + match.length - 1))),
      );
    })
    .filter((line) => isProse(textOf(line)));
}

/** Matches lines of code: scripts, style sheets, queries, expressions, declarations. */
const IS_CODE =
  /[{;]\s*$|\{\S|\S\}|^#!|^[[{}<!:$]\S|=>|&&|\|\||\$[({\w]|^[.@][\w-]+|::|\\|\s(?:[=!<>+]=|=|\||&)\s|^(?:export|import|const|function|exec|set -\w+) |\bfields @|; (?:do|then|fi|done)\b/;

const QUOTED = /(?<![\w'])'[^'"]+'(?![\w'])|"[^"]+"/g;

/** Words that appear in phrases but not in names. */
const GRAMMAR =
  /(?<![\w-])(?:the|an?|is|are|was|were|of|to|in|with|no|not|and|or|that|those|these|it|its|they|their|must|by|on|from|each|every|all|other|any|both|at|be|as|has|have|had|than|only|which|this|for|if|when|where|does|do|did|you|use|set|give|per|without|none|one|since|so|but|can|will|may|after|before|between|over|until|while|because|into|out|take|takes|keep|keeps|left|fewer|more|less|most|least|beside|there|here|nothing|nobody|whoever)(?![\w-])/i;

/** Whether a line is prose: at least two words that form a phrase, and few tokens that are not words. */
export function isProse(text: string): boolean {
  if (IS_CODE.test(text)) return false;
  const tokens = text.trim().split(/\s+/);
  const words = tokens.filter((token) =>
    /^["'“‘([]*(?:[A-Za-z]+(?:['’/.-][A-Za-z]+)*|\uFFFC\w*|\d[\d.,:%-]*)["'”’)\].,;:!?…]*$/.test(token),
  );
  const plain = words.filter((word) => /[A-Za-z]/.test(word) && !word.includes(CODE));
  const isPhrase = GRAMMAR.test(text) || /[a-z\uFFFC][.!?:]$/.test(text);
  return plain.length >= 2 && isPhrase && words.length / tokens.length >= 0.6;
}

const INLINE_TAGS = /<\/?(?:a|abbr|b|code|em|i|kbd|small|span|strong|sup|time)(?:\s[^<>]*)?>/g;
const BLOCK_TAGS =
  /<!--|-->|<\/?(?:!doctype|article|body|br|button|caption|dd|details|div|dl|dt|figcaption|figure|footer|g|h\d|head|header|html|img|label|li|main|meta|nav|ol|p|section|summary|svg|table|tbody|td|text|th|thead|title|tr|tspan|ul)(?:\s[^<>]*)?>/g;

/** Splits a line at HTML tags, and drops the inline tags. */
function betweenTags(line: Characters): Characters[] {
  if (!textOf(line).includes('<')) return [line];
  const parts: Characters[] = [];
  const inline = without(line, INLINE_TAGS);
  let end = 0;
  for (const { index, 0: match } of textOf(inline).matchAll(BLOCK_TAGS)) {
    parts.push(inline.slice(end, index));
    end = index + match.length;
  }
  return [...parts, inline.slice(end)];
}

function without(line: Characters, pattern: RegExp): Characters {
  const result: Characters = [];
  let end = 0;
  for (const { index, 0: match } of textOf(line).matchAll(pattern)) {
    result.push(...line.slice(end, index));
    end = index + match.length;
  }
  return [...result, ...line.slice(end)];
}

function withInlineCode(characters: Characters): Characters {
  const text = textOf(characters);
  const result: Characters = [];
  let end = 0;
  for (const { index, 0: match } of text.matchAll(INLINE_CODE)) {
    result.push(...characters.slice(end, index), ...inlineCode(characters[index]!.at));
    end = index + match.length;
  }
  return [...result, ...characters.slice(end)];
}

function linesOf(characters: Characters): Characters[] {
  const lines: Characters[] = [[]];
  for (const character of characters) {
    if (character.text === '\n') lines.push([]);
    else lines.at(-1)!.push(character);
  }
  return lines;
}

function textOf(characters: Characters): string {
  return characters.map(({ text }) => text).join('');
}

function trimmed(characters: Characters): Characters {
  const isSpace = ({ text }: Character) => /^\s$/.test(text);
  const start = characters.findIndex((character) => !isSpace(character));
  if (start < 0) return [];
  return characters.slice(start, characters.findLastIndex((character) => !isSpace(character)) + 1);
}
