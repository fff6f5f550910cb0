import { type Cidr, cidrsOverlap, parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** What ranges are unless something else is said. */
export const DEFAULT_CIDRS = { nodeCidr: '10.0.0.0/18', podCidr: '10.4.0.0/14', serviceCidr: '10.8.0.0/20' };

/** Adds what is wrong with ranges of one network, each by its prop: malformed, or overlapping. What is left out is not judged. */
export function checkRanges(problems: Problems, ranges: Readonly<Record<string, string | undefined>>): void {
  const blocks = Object.entries(ranges).flatMap(([prop, text]) => {
    if (text === undefined) return [];
    const block = checkedBlock(problems, prop, text);
    return block ? [{ prop, text, block }] : [];
  });
  blocks.forEach(({ prop, text, block }, index) => {
    const other = blocks.slice(0, index).find((one) => cidrsOverlap(one.block, block));
    if (!other) return;
    const allowed = `apart from ${other.prop} ${other.text}`;
    problems.add({ code: 'CidrOverlap', prop, allowed, got: text, fix: 'Move one of them.' });
  });
}

function checkedBlock(problems: Problems, prop: string, text: string): Cidr | undefined {
  if (!isKnown(problems, prop, text)) return undefined;
  const block = parseCidr(text);
  if (!block) {
    problems.add({
      code: 'CidrInvalid',
      prop,
      allowed: 'an IPv4 block, e.g. 10.0.0.0/18',
      got: text,
      fix: 'Write its first address.',
    });
  }
  return block;
}
