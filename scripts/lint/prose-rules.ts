import { type TxtParentNode } from '@textlint/ast-node-types';
import { type TextlintRuleModule } from '@textlint/types';
import { split } from 'sentence-splitter';
import { CODE, plainText } from './prose-text';
import { NAMES, type WordRow, WORDS } from './words';

/** Maximum number of words in a sentence. Inline code counts as one word. */
export const WORD_LIMIT = 25;

interface Finding {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Builds a rule that reads the plain text of paragraphs, headings and table cells, and optionally their inline code. */
function proseRule(find: (text: string) => readonly Finding[], findInCode?: typeof find): TextlintRuleModule {
  return ({ Syntax, RuleError, locator, report }) => {
    const read = (node: TxtParentNode) => {
      const { text, offsets, code } = plainText(node);
      for (const { start, end, message } of find(text)) {
        const range = [offsets[start]!, offsets[end - 1]! + 1] as const;
        report(node, new RuleError(message, { padding: locator.range(range) }));
      }
      for (const inline of findInCode ? code : []) {
        for (const { start, end, message } of findInCode!(inline.text)) {
          const range = [inline.offset + start, inline.offset + end] as const;
          report(node, new RuleError(message, { padding: locator.range(range) }));
        }
      }
    };
    return { [Syntax.Paragraph]: read, [Syntax.Header]: read, [Syntax.TableCell]: read };
  };
}

const inRows = (rows: readonly WordRow[]) => (text: string) =>
  rows.flatMap(({ word, write }) =>
    [...text.matchAll(word)].map(({ index, 0: match }) => ({
      start: index,
      end: index + match.length,
      message: `"${match}": write ${write}`,
    })),
  );

const words = proseRule(inRows(WORDS));
const names = proseRule(inRows(NAMES), inRows(NAMES));

const WORD = new RegExp(`\\S*[\\p{L}\\p{N}${CODE}]\\S*`, 'gu');
const countWords = (text: string) => text.match(WORD)?.length ?? 0;

const sentence = proseRule((text) => {
  if (countWords(text) <= WORD_LIMIT) return [];
  return split(text)
    .filter(({ type }) => type === 'Sentence')
    .flatMap(({ raw, range: [start, end] }) => {
      const count = countWords(raw);
      if (count <= WORD_LIMIT) return [];
      const first = raw.replaceAll(CODE, '`…`').split(/\s+/).slice(0, 6).join(' ');
      return [{ start, end, message: `"${first} …" has ${count} words: write at most ${WORD_LIMIT}` }];
    });
});

const repeated = proseRule((text) =>
  [...text.matchAll(/(?<![\w-])([a-z]+)(?= ([a-z]+)(?![\w-]))/gi)].flatMap(({ index, 1: first, 2: second }) =>
    first?.toLowerCase() === second
      ? [{ start: index, end: index + first!.length, message: `"${first!} ${second}": write it once` }]
      : [],
  ),
);

/** The rules, by the id that the output shows. */
export const RULES: Readonly<Record<string, TextlintRuleModule>> = { words, names, sentence, repeated };
