import { type ChipRow, CHIPS } from '../catalog/chips';

/** The chip of that name, where the catalogue has it. */
export function chipNamed(name: unknown): ChipRow | undefined {
  return typeof name === 'string' && Object.hasOwn(CHIPS, name) ? (CHIPS as Record<string, ChipRow>)[name] : undefined;
}

/** Other words for a chip: the instances of a cloud, and the names that products go by. */
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

/** Words that tell the vendor, the board, the rack or the number of chips, and not the chip. */
const NOISE =
  /\b(nvidia|amd|aws|google|cloud|instinct|tesla|gpus?|tensor|core|sxm\d?|oam|hgx|dgx|hbm\d?e?|nvl\d+|\d+x(?= ?[a-z])|x\d+$)/g;
const MEMORY = /\b(\d+) ?gi?b\b/;

/**
 * The id of the chip that a name means: `h200 nvl`, `TPUv5p`, `NVIDIA H100 SXM5 80GB`, `A100 40GB`. Of chips that differ by
 * their memory alone, a name that leaves it open means the largest.
 */
export function chipCalled(name: unknown): string | undefined {
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

/** The words of a name in alphabetical order, whatever the order in which they were written. */
function wordsOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.sort().join(' ');
}

function byMemory(a: string, b: string): number {
  return chipNamed(b)!.memoryGiB - chipNamed(a)!.memoryGiB;
}
