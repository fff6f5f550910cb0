import { type Cidr, cidrsOverlap, parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';

/** The default CIDR blocks. */
export const DEFAULT_CIDRS = { nodeCidr: '10.0.0.0/18', podCidr: '10.4.0.0/14', serviceCidr: '10.8.0.0/20' };

/** Adds a problem for each malformed or overlapping CIDR block of a network, by prop. Undefined blocks are skipped. */
export function checkRanges(problems: ProblemCollector, ranges: Readonly<Record<string, string | undefined>>): void {
  const blocks = Object.entries(ranges).flatMap(([prop, text]) => {
    if (text === undefined) return [];
    const block = checkedBlock(problems, prop, text);
    return block ? [{ prop, text, block }] : [];
  });
  blocks.forEach(({ prop, text, block }, index) => {
    const other = blocks.slice(0, index).find((one) => cidrsOverlap(one.block, block));
    if (!other) return;
    const allowed = `a CIDR block that does not overlap with ${other.prop} ${other.text}`;
    problems.add({ code: 'CidrOverlap', prop, allowed, got: text, fix: 'Change one of them.' });
  });
}

function checkedBlock(problems: ProblemCollector, prop: string, text: string): Cidr | undefined {
  if (!isKnown(problems, prop, text)) return undefined;
  const block = parseCidr(text);
  if (!block) {
    problems.add({
      code: 'CidrInvalid',
      prop,
      allowed: 'an IPv4 CIDR block, for example 10.0.0.0/18',
      got: text,
      fix: 'Start with the first address of the block.',
    });
  }
  return block;
}
