/** An IPv4 block: its first address as a number, and its number of addresses. */
export interface Cidr {
  readonly first: number;
  readonly size: number;
  readonly prefix: number;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d\\d?)';
const BLOCK = new RegExp(`^(${OCTET}(?:\\.${OCTET}){3})/(3[0-2]|[12]?\\d)$`);

/** Parses `10.0.0.0/16`. Returns nothing if the text is not an IPv4 block, or has bits set beyond its prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address, bits] = BLOCK.exec(text) ?? [];
  if (address === undefined) return undefined;
  const prefix = Number(bits);
  const size = 2 ** (32 - prefix);
  const first = address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
  return first % size === 0 ? { first, size, prefix } : undefined;
}

/** Returns whether two blocks overlap. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** Returns whether the outer block contains the inner block. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size;
}

/** Returns the first `count` blocks with a prefix in an outer block, or fewer if they do not fit. */
export function blocksOf(outer: Cidr, prefix: number, count: number): string[] {
  const size = 2 ** (32 - prefix);
  const max = Math.floor(outer.size / size);
  return Array.from(
    { length: Math.min(count, max) },
    (_, index) => `${addressOf(outer.first + index * size)}/${prefix}`,
  );
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
