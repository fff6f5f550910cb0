import { type ChipRow, CHIPS } from '../catalog/chips';

/** Returns the chip with this name, or `undefined` if it is not in the table. */
export function chipNamed(name: unknown): ChipRow | undefined {
  return typeof name === 'string' && Object.hasOwn(CHIPS, name) ? (CHIPS as Record<string, ChipRow>)[name] : undefined;
}

/** Other names of chips: cloud instances and product names. */
const ALIASES: Readonly<Record<string, keyof typeof CHIPS>> = {
  trn1: 'Trainium1',
  trainium: 'Trainium1',
  trn2: 'Trainium2',
  trn3: 'Trainium3',
  inf2: 'Inferentia2',
  v4: 'TPU v4',
  v5e: 'TPU v5e',
  v5litepod: 'TPU v5e',
  v5p: 'TPU v5p',
  v6e: 'TPU v6e',
  trillium: 'TPU v6e',
  ironwood: 'TPU7x',
};

/** Words for the vendor, the board, the rack or the number of chips. They do not identify the chip. */
const NOISE =
  /\b(nvidia|amd|aws|google|cloud|instinct|tesla|gpus?|tensor|core|sxm\d?|oam|hgx|dgx|hbm\d?e?|nvl\d+|\d+x(?= ?[a-z])|x\d+$)/g;
const MEMORY = /\b(\d+) ?gi?b\b/;

/**
 * Returns the ID of the chip with a name like `h200 nvl`, `TPUv5p`, `NVIDIA H100 SXM5 80GB` or `A100 40GB`. If several chips differ only
 * in memory and the name does not specify it, returns the largest.
 */
export function chipByAlias(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  if (chipNamed(name)) return name;
  const typed = name.toLowerCase().replace(/[-_/(),]/g, ' ');
  const [, memory = ''] = MEMORY.exec(typed) ?? [];
  const bare = typed.replace(MEMORY, '').replace(NOISE, '');
  const alias = keyOf(bare);
  return (
    IDS.find((id) => keyOf(id) === keyOf(typed)) ??
    IDS.find((id) => wordsOf(id) === wordsOf(`${bare} ${memory}`)) ??
    IDS.find((id) => keyOf(id) === alias) ??
    (Object.hasOwn(ALIASES, alias) ? ALIASES[alias] : undefined) ??
    IDS.filter((id) => new RegExp(`^${alias}\\d+$`).test(keyOf(id)) && /-\d+$/.test(id)).sort(byMemory)[0]
  );
}

const IDS = Object.keys(CHIPS);

const keyOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Returns the words of a name in alphabetical order. */
function wordsOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.sort().join(' ');
}

function byMemory(a: string, b: string): number {
  return chipNamed(b)!.memoryGiB - chipNamed(a)!.memoryGiB;
}
