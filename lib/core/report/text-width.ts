/** Width of each class of letters relative to the font size, in DejaVu Sans, the widest common sans-serif font. */
const CLASSES: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[\p{M}\u200b-\u200d\ufe0f]/u, 0],
  [/[ijl.,:;'|!\u00a0 ]/u, 0.34],
  [/[frtI()[\]/\\"-]/u, 0.43],
  [/[mwMWOQ@%…×]/u, 0.98],
  [/[a-z0-9_·$?]/u, 0.64],
  [/[A-Z&]/u, 0.76],
  [/[\u0080-\u1fff]/u, 0.84],
];
/** Relative width of ideographs, pictographs, and all other letters. */
const OTHER = 1.3;
const BOLD = 1.11;

/** Returns the maximum width of a line of text, in the unit of `size`. Common fonts are not much wider. */
export function textWidth(text: string, size: number, bold = false): number {
  const letters = Array.from(text).map((letter) => CLASSES.find(([of]) => of.test(letter))?.[1] ?? OTHER);
  return letters.reduce((sum, width) => sum + width, 0) * size * (bold ? BOLD : 1);
}

/** Shortens text to `width`, with an ellipsis if letters are removed. */
export function shorten(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const letters = Array.from(text);
  const fits = (count: number) => textWidth(`${letters.slice(0, count).join('')}…`, size, bold) <= width;
  let kept = 1;
  while (kept < letters.length && fits(kept + 1)) kept++;
  return `${letters.slice(0, kept).join('').trimEnd()}…`;
}

/** Wraps text into at most `max` lines of `width`. The last line contains the rest. */
export function wrap(text: string, width: number, max: number, size: number): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined) return [word];
    const fits = textWidth(`${last} ${word}`, size) <= width || lines.length === max;
    return fits ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);
}
