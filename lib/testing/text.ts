import { findMachine } from '../core/catalog/machines';
import {
  AT_DEPLOYMENT,
  type ComputeGroup,
  type Count,
  type Encryption,
  type Endpoint,
  type Exposure,
  type MonthlyCost,
  type Part,
  type Queue,
  type Sections,
  type StackArchitecture,
  type StorageUnit,
} from './architecture';
import { byText } from './view';

/** Labels and their texts in output order. Labels without text are left out. */
type Lines = readonly (readonly [label: string, text: string | undefined])[];

/** Column of the texts. It is constant, so that a new line never changes the indentation of others. */
const COLUMN = 16;

/** Returns a stack as text, with sections in a fixed order and parts ordered by name. */
export function stackText(stack: StackArchitecture): string {
  const { name, engine, cost, other } = stack;
  return [
    `stack: ${name} (${engine})`,
    ...section('compute', stack.compute, (part) => tall(part, computeLines(part))),
    ...section('endpoints', stack.endpoints, (part) => tall(part, endpointLines(part))),
    ...section('storage', stack.storage, (part) => tall(part, storageLines(part))),
    ...section('queues', stack.queues, (part) => tall(part, queueLines(part))),
    ...section('network', stack.network, (part) => tall(part, [])),
    ...FLAT.flatMap((key) => section(key, stack[key], flat)),
    // This section has a line even if it is empty, so that a later change shows in the diff.
    ...exposureText(stack.exposure),
    ...(cost ? costText(cost) : []),
    ...section('other resources', Object.entries(other), ([type, count]) => [`  ${type}: ${count}`]),
  ].join('\n');
}

const FLAT = [
  'workflows',
  'functions',
  'kubernetes',
  'scaling',
  'keys',
  'guards',
  'permissions',
  'watch',
] as const satisfies readonly (keyof Sections)[];

function section<T>(title: string, parts: readonly T[], text: (part: T) => readonly string[]): readonly string[] {
  return parts.length === 0 ? [] : ['', `${title}:`, ...parts.flatMap(text)];
}

function tall(part: Part, lines: Lines): readonly string[] {
  const all: Lines = [['kind', part.kind], ...lines, ...Object.entries(part.details ?? {})];
  const present = all.filter(([, text]) => text !== undefined && text !== '');
  return [`  ${part.name}:`, ...present.map(([label, text]) => `    ${`${label}:`.padEnd(COLUMN)}${text ?? ''}`)];
}

/** Returns a part on one line. Leaves out labels whose text is clear without them. */
function flat({ name, kind, details = {} }: Part): readonly string[] {
  const words = Object.entries(details).map(([label, text]) => (CLEAR.includes(label) ? text : `${label} ${text}`));
  return [`  ${name}: ${[kind, ...words].join(', ')}`];
}

const CLEAR = [
  'range',
  'rotation',
  'deletion',
  'purge',
  'kept',
  'limit',
  'notifications',
  'conditions',
  'schedules',
  'memory',
  'size',
  'network',
  'architecture',
  'states',
  'of',
  'version',
];

function computeLines(group: ComputeGroup): Lines {
  const { count, market, interfaces, placement, disks, encryption } = group;
  return [
    ['machine', machineText(group)],
    ['count', countText(count)],
    ['market', market],
    ['interfaces', countedText(interfaces)],
    ['placement', placement],
    ['disks', disks?.join(', ')],
    ['encryption', encryptionText(encryption)],
  ];
}

/** Returns the machines with their accelerators from the catalog, or with the attached accelerators. */
function machineText({ cloud, machines, accelerators }: ComputeGroup): string {
  const known = (name: string) => {
    const machine = findMachine(cloud, name.replace(/^ml\./, ''));
    return machine ? `${name} (${machine.accelerators} ${machine.chip})` : name;
  };
  const attached = accelerators === undefined ? '' : `with ${accelerators}`;
  return [machines.map(known).join(' or '), attached].filter(Boolean).join(' ');
}

function countText({ min, desired, max }: Count = {}): string | undefined {
  if (min === undefined && desired === undefined && max === undefined) return undefined;
  const range = `${min ?? 0} to ${max ?? 'any'}`;
  if (desired === undefined) return range;
  const fixed = (min ?? desired) === desired && (max ?? desired) === desired;
  return fixed ? String(desired) : `${desired} (${range})`;
}

function countedText(counts: Readonly<Record<string, number>> | undefined): string | undefined {
  return (
    counts &&
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')
  );
}

function encryptionText(encryption: Encryption | undefined): string | undefined {
  if (!encryption) return undefined;
  const { key, name } = encryption;
  if (key === AT_DEPLOYMENT || key === 'none') return key;
  return [`${key} key`, name].filter(Boolean).join(' ');
}

function endpointLines({ access, encryption }: Endpoint): Lines {
  return [
    ['access', access === 'signed' ? 'signed calls' : access],
    ['encryption', encryptionText(encryption)],
  ];
}

function storageLines({ sizeGiB, throughput, encryption, retention, onDelete }: StorageUnit): Lines {
  return [
    ['size', typeof sizeGiB === 'number' ? `${sizeGiB} GiB` : sizeGiB],
    ['throughput', throughput],
    ['encryption', encryptionText(encryption)],
    ['retention', retention],
    ['on delete', onDelete],
  ];
}

function queueLines({ encryption }: Queue): Lines {
  return [['encryption', encryptionText(encryption)]];
}

function exposureText(exposure: readonly Exposure[]): readonly string[] {
  if (exposure.length === 0) return ['', 'open to the internet: nothing'];
  return section('open to the internet', exposure, ({ name, kind, why }) => [`  ${name}: ${kind}, ${why}`]);
}

function costText({ groups, notPriced, usdPerMonth }: MonthlyCost): readonly string[] {
  if (groups.length === 0 && notPriced.length === 0) return [];
  const lines = [
    ...groups.map(({ name, count, market, region, usdPerHour, usdPerMonth: sum, priceDate }) => {
      const price = `${count} at ${usdPerHour} USD/h ${market} in ${region}`;
      return [name, `${usd(sum)}, ${price}${priceDate === undefined ? '' : `, read ${priceDate}`}`] as const;
    }),
    ...notPriced.map(({ name, reason }) => [name, `not priced: ${reason}`] as const),
  ].sort(([a], [b]) => byText(a, b));
  return [
    '',
    'cost of machines a month:',
    ...lines.map(([name, text]) => `  ${name}: ${text}`),
    `  total: ${groups.length === 0 ? 'none is priced' : usd(usdPerMonth)}${groups.length > 0 && notPriced.length > 0 ? ' of what is priced' : ''}`,
  ];
}

/** Formats whole dollars, for example 462,002 USD. Does not use `Intl`, whose locale data takes longer to load than everything else. */
function usd(amount: number): string {
  return `${String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, ',')} USD`;
}
