import type { AwsMarket } from '../../core/catalog/aws-machines';
import { checkFigures, isCount, wrongFigure } from '../../core/catalog/machine-row';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import type { AwsMachineSpec } from './machine';
import { AWS_MACHINE_SPEC } from '../prop-schemas';

export const ALL_MARKETS: readonly AwsMarket[] = ['on-demand', 'spot', 'reservation', 'capacity-block'];

const POSITIVE = ['accelerators', 'acceleratorMemoryGiB', 'vcpus', 'memoryGiB', 'networkGbps', 'ebsGbps'] as const;

/** Adds each problem with a custom machine. */
export function checkMachineRow(problems: ProblemCollector, row: AwsMachineSpec): void {
  if (!validateProps(problems, row, AWS_MACHINE_SPEC, 'row')) return;
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
