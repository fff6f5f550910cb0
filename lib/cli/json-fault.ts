/** The position of a JSON syntax error, and what the parser expects there. */
export interface JsonFault {
  readonly offset: number;
  readonly expected: string;
}

/** The tokens that can come next. */
type Next = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end';

const WORDS: Readonly<Record<Next, string>> = {
  value: 'a value',
  'value or ]': "a value or ']'",
  key: 'a key in double quotes',
  'key or }': "a key in double quotes or '}'",
  ':': "':'",
  ', or ]': "',' or ']'",
  ', or }': "',' or '}'",
  end: 'nothing more',
};

const NUMBER_OR_WORD = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const SPACE = /[ \t\r\n]*/y;
const PART_OF_STRING = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Finds the first JSON syntax error, or nothing if the input is valid. `JSON.parse` gives no position for most errors.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ('[' | '{')[] = [];
  let next: Next = 'value';
  let at = 0;
  const afterValue = (): Next => (open.length === 0 ? 'end' : open.at(-1) === '[' ? ', or ]' : ', or }');
  for (;;) {
    at = endOf(SPACE, text, at) ?? at;
    if (at === text.length) return next === 'end' ? undefined : { offset: at, expected: WORDS[next] };
    const sign = text[at]!;
    if (sign === '"' && /value|key/.test(next)) {
      const end = endOfString(text, at);
      if (typeof end !== 'number') return end;
      next = next.startsWith('key') ? ':' : afterValue();
      at = end;
    } else if ((sign === '[' || sign === '{') && next.startsWith('value')) {
      open.push(sign);
      next = sign === '[' ? 'value or ]' : 'key or }';
      at++;
    } else if ((sign === ']' || sign === '}') && next.endsWith(`or ${sign}`)) {
      open.pop();
      next = afterValue();
      at++;
    } else if (sign === ',' && next.startsWith(',')) {
      next = open.at(-1) === '[' ? 'value' : 'key';
      at++;
    } else if (sign === ':' && next === ':') {
      next = 'value';
      at++;
    } else {
      const end = next.startsWith('value') ? endOf(NUMBER_OR_WORD, text, at) : undefined;
      if (end === undefined) return { offset: at, expected: WORDS[next] };
      next = afterValue();
      at = end;
    }
  }
}

function endOfString(text: string, start: number): number | JsonFault {
  let at = start + 1;
  for (;;) {
    at = endOf(PART_OF_STRING, text, at) ?? at;
    if (text[at] === '"') return at + 1;
    const end = endOf(ESCAPE, text, at);
    if (end === undefined) return { offset: at, expected: text[at] === '\\' ? 'a JSON escape sequence' : "'\"'" };
    at = end;
  }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
