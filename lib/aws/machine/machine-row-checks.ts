import type { AwsMarket, AwsNetworkCard } from '../../core/catalog/aws-machines';
import { CHIPS, type ChipRow, type ChipVendor } from '../../core/catalog/chips';
import { checkFigures, isCount, wrongFigure } from '../../core/catalog/machine-row';
import type { ProblemCollector } from '../../core/errors';
import {
  BOOLEAN,
  validateProps,
  propType,
  listOf,
  NUMBER,
  objectOf,
  oneOf,
  required,
  type PropSchema,
  STRING,
} from '../../core/prop-schema';
import type { AwsMachineSpec } from './machine';

export const ALL_MARKETS: readonly AwsMarket[] = ['on-demand', 'spot', 'reservation', 'capacity-block'];

const VENDORS: readonly unknown[] = ['NVIDIA', 'AMD', 'AWS', 'Google'] satisfies ChipVendor[];

const CHIP = propType(
  'the name of a chip in the table, or your own chip with its vendor',
  (value) =>
    typeof value === 'string'
      ? Object.hasOwn(CHIPS, value)
      : VENDORS.includes((Object(value) as Partial<ChipRow>).vendor),
  `Use one of ${Object.keys(CHIPS).join(', ')}, or describe the chip.`,
  'ChoiceUnknown',
);

const CARD = objectOf<AwsNetworkCard>(
  { maxInterfaces: required(NUMBER), efa: required(BOOLEAN) },
  'a card { maxInterfaces, efa }',
);

const ROW: PropSchema<AwsMachineSpec> = {
  chip: required(CHIP),
  accelerators: required(NUMBER),
  acceleratorMemoryGiB: required(NUMBER),
  vcpus: required(NUMBER),
  memoryGiB: required(NUMBER),
  arch: required(oneOf(['amd64', 'arm64'])),
  efaInterfaces: required(NUMBER),
  cards: required(listOf(CARD)),
  networkGbps: required(NUMBER),
  ebsGbps: NUMBER,
  localNvmeGB: NUMBER,
  clusterPlacement: required(BOOLEAN),
  markets: listOf(oneOf(ALL_MARKETS)),
  onDemandPriced: BOOLEAN,
  ultraServerNodes: listOf(NUMBER),
  topologyLayers: NUMBER,
  lustreEfa: BOOLEAN,
  regions: required(listOf(STRING)),
  unverified: STRING,
};

const POSITIVE = ['accelerators', 'acceleratorMemoryGiB', 'vcpus', 'memoryGiB', 'networkGbps', 'ebsGbps'] as const;

/** Adds each problem with a custom machine. */
export function checkMachineRow(problems: ProblemCollector, row: AwsMachineSpec): void {
  if (!validateProps(problems, row, ROW, 'row')) return;
  const { cards, efaInterfaces, ultraServerNodes, topologyLayers, localNvmeGB = 0 } = row;
  const efaCards = cards.filter((card) => card.efa).length;
  const wrong = wrongFigure(problems, 'the EC2 DescribeInstanceTypes API');
  if (cards.length === 0) wrong('cards', 'a list of at least one card, because card 0 has the IP address', cards);
  if (!cards.every(({ maxInterfaces }) => isCount(maxInterfaces))) {
    wrong('cards', 'a list of cards with at least one interface each', cards);
  }
  if (!Number.isInteger(efaInterfaces) || efaInterfaces < 0 || efaInterfaces > efaCards) {
    wrong('efaInterfaces', `a whole number from 0 to ${efaCards}, the number of cards with EFA`, efaInterfaces);
  }
  checkFigures(wrong, row, POSITIVE);
  if (!(localNvmeGB >= 0 && Number.isFinite(localNvmeGB))) wrong('localNvmeGB', 'a number of at least 0', localNvmeGB);
  if (ultraServerNodes && !(ultraServerNodes.length > 0 && ultraServerNodes.every(isCount))) {
    wrong('ultraServerNodes', 'a list of whole numbers of machines', ultraServerNodes);
  }
  if (topologyLayers !== undefined && !(isCount(topologyLayers) && topologyLayers <= MAX_LAYERS)) {
    wrong('topologyLayers', `a whole number from 1 to ${MAX_LAYERS}`, topologyLayers);
  }
}

// A topology of Kueue has 16 levels, one of which is the node itself.
const MAX_LAYERS = 15;
