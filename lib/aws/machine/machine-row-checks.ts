import type { AwsMarket, AwsNetworkCard } from '../../core/catalog/aws-machines';
import { CHIPS, type ChipRow, type ChipVendor } from '../../core/catalog/chips';
import { checkFigures, isCount, wrongFigure } from '../../core/catalog/machine-row';
import type { Problems } from '../../core/errors';
import { FLAG, fits, kind, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import type { AwsMachineSpec } from './machine';

export const ALL_MARKETS: readonly AwsMarket[] = ['on-demand', 'spot', 'reservation', 'capacity-block'];

const VENDORS: readonly unknown[] = ['NVIDIA', 'AMD', 'AWS', 'Google'] satisfies ChipVendor[];

const CHIP = kind(
  'the name of a chip of the table, or a row of your own with its vendor',
  (value) =>
    typeof value === 'string'
      ? Object.hasOwn(CHIPS, value)
      : VENDORS.includes((Object(value) as Partial<ChipRow>).vendor),
  `Take one of ${Object.keys(CHIPS).join(', ')}, or describe the chip.`,
  'ChoiceUnknown',
);

const CARD = objectOf<AwsNetworkCard>(
  { maxInterfaces: required(NUMBER), efa: required(FLAG) },
  'a card { maxInterfaces, efa }',
);

const ROW: Shape<AwsMachineSpec> = {
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
  clusterPlacement: required(FLAG),
  markets: listOf(oneOf(ALL_MARKETS)),
  onDemandPriced: FLAG,
  ultraServerNodes: listOf(NUMBER),
  topologyLayers: NUMBER,
  lustreEfa: FLAG,
  regions: required(listOf(TEXT)),
  unverified: TEXT,
};

const POSITIVE = ['accelerators', 'acceleratorMemoryGiB', 'vcpus', 'memoryGiB', 'networkGbps', 'ebsGbps'] as const;

/** Adds what is wrong with a machine row that was written by hand. */
export function checkMachineRow(problems: Problems, row: AwsMachineSpec): void {
  if (!fits(problems, row, ROW, 'row')) return;
  const { cards, efaInterfaces, ultraServerNodes, topologyLayers, localNvmeGB = 0 } = row;
  const efaCards = cards.filter((card) => card.efa).length;
  const wrong = wrongFigure(problems, 'the EC2 DescribeInstanceTypes API');
  if (cards.length === 0) wrong('cards', 'at least one card: card 0 carries the IP address', cards);
  if (!cards.every(({ maxInterfaces }) => isCount(maxInterfaces))) {
    wrong('cards', 'cards of one interface or more each', cards);
  }
  if (!Number.isInteger(efaInterfaces) || efaInterfaces < 0 || efaInterfaces > efaCards) {
    wrong('efaInterfaces', `a whole number from 0 to ${efaCards}, the cards that take EFA`, efaInterfaces);
  }
  checkFigures(wrong, row, POSITIVE);
  if (!(localNvmeGB >= 0 && Number.isFinite(localNvmeGB))) wrong('localNvmeGB', '0 or more', localNvmeGB);
  if (ultraServerNodes && !(ultraServerNodes.length > 0 && ultraServerNodes.every(isCount))) {
    wrong('ultraServerNodes', 'the sizes sold, in whole machines', ultraServerNodes);
  }
  if (topologyLayers !== undefined && !(isCount(topologyLayers) && topologyLayers <= MOST_LAYERS)) {
    wrong('topologyLayers', `a whole number from 1 to ${MOST_LAYERS}`, topologyLayers);
  }
}

// A topology of Kueue has 16 levels, one of which is the node itself.
const MOST_LAYERS = 15;
