import type { ChipName } from './chips';

/** A network card of a machine. */
export interface AwsNetworkCard {
  /** Maximum number of interfaces, of any kind. */
  readonly maxInterfaces: number;
  /** Whether the card supports an EFA interface. */
  readonly efa: boolean;
}

/** A purchase option of a machine. */
export type AwsMarket = 'on-demand' | 'spot' | 'reservation' | 'capacity-block';

/** A row of the table of AWS machines with accelerators. An absent figure is unknown, never zero. */
export interface AwsMachineRow {
  /** Accelerator chip. */
  readonly chip: ChipName;
  /** Number of accelerators. A fraction for a slice of one. */
  readonly accelerators: number;
  /** Memory per accelerator, or of the slice, in GiB, as reported by the EC2 API. */
  readonly acceleratorMemoryGiB: number;
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Host memory in GiB. */
  readonly memoryGiB: number;
  /** Architecture of the CPU. */
  readonly arch: 'amd64' | 'arm64';
  /** Maximum number of EFA interfaces: `MaximumEfaInterfaces` of the EC2 API, which can differ from the number of cards. */
  readonly efaInterfaces: number;
  /** Network cards, by index. */
  readonly cards: readonly AwsNetworkCard[];
  /** Baseline network bandwidth in Gbps. */
  readonly networkGbps: number;
  /** Maximum EBS bandwidth in Gbps. @default - unknown */
  readonly ebsGbps?: number;
  /** Local NVMe in GB, or 0 without it. @default - unknown */
  readonly localNvmeGB?: number;
  /** Whether it can join a cluster placement group. */
  readonly clusterPlacement: boolean;
  /** Purchase options. @default - all four */
  readonly markets?: readonly AwsMarket[];
  /** Whether an on-demand price is published. Without one, in practice only reservations and capacity blocks exist. @default true */
  readonly onDemandPriced?: boolean;
  /** Number of machines in an UltraServer, for each size sold. An UltraServer is one scale-up domain. @default - not in UltraServers */
  readonly ultraServerNodes?: readonly number[];
  /** Number of network layers that EKS writes as node labels. Layer 1 is the outermost. @default - not published */
  readonly topologyLayers?: number;
  /** Whether FSx for Lustre lists it as a client over EFA with GPUDirect Storage. @default - not listed */
  readonly lustreEfa?: boolean;
  /** Regions that list the machine. Empty if the source has none. */
  readonly regions: readonly string[];
  /** Values that were not read in the source. @default - every value was read */
  readonly unverified?: string;
}

const efa = (count: number, maxInterfaces: number): AwsNetworkCard[] => Array<AwsNetworkCard>(count).fill({ maxInterfaces, efa: true });
const ena = (count: number, maxInterfaces: number): AwsNetworkCard[] => Array<AwsNetworkCard>(count).fill({ maxInterfaces, efa: false });

// Source: aws-cloudformation/cfn-lint 217397c (GR6: v1.58.0), per-region enum of instance types; read 2026-11. The region of GB200 is the
// parent of the Dallas Local Zone (EKS user guide, ml-eks-nvidia-ultraserver).
const REGIONS = {
  P6E_GB200: ['us-east-1'],
  P6_B300: ['us-east-1', 'us-gov-east-1', 'us-west-2'],
  P6_B200: ['ap-south-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-2'],
  P5EN: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-3', 'eu-north-1', 'eu-south-2', 'me-central-1', 'us-east-1', 'us-east-2', 'us-gov-west-1', 'us-west-1', 'us-west-2'],
  P5E: ['us-east-2'],
  P5: ['ap-northeast-1', 'ap-south-1', 'ap-southeast-2', 'ap-southeast-3', 'eu-west-2', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-west-1', 'us-west-2'],
  P5_48XLARGE: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-2', 'ap-southeast-3', 'ca-central-1', 'eu-north-1', 'eu-west-2', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-west-1', 'us-west-1', 'us-west-2'],
  P4DE: ['ap-northeast-1', 'ap-southeast-1', 'eu-central-1', 'il-central-1', 'us-east-1', 'us-west-2'],
  P4D: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'cn-northwest-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-west-1', 'us-west-2'],
  G7E: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'eu-central-1', 'eu-north-1', 'eu-south-2', 'eu-west-2', 'us-east-1', 'us-east-2', 'us-west-2'],
  G7: ['eu-south-2', 'us-east-1', 'us-east-2', 'us-west-2'],
  G6E: ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2', 'eu-central-1', 'eu-north-1', 'eu-south-2', 'me-central-1', 'us-east-1', 'us-east-2', 'us-west-2'],
  G6: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-south-2', 'ap-southeast-2', 'ap-southeast-5', 'ca-central-1', 'eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-2', 'eu-west-2', 'eu-west-3', 'me-central-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-2'],
  G6F: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-2', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-south-2', 'eu-west-2', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-2'],
  GR6: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-2', 'ap-southeast-5', 'ca-central-1', 'eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-2', 'eu-west-2', 'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-2'],
  G5: ['ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-2', 'ap-southeast-3', 'ca-central-1', 'cn-north-1', 'cn-northwest-1', 'eu-central-1', 'eu-north-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-2'],
  G4DN: ['af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'cn-north-1', 'cn-northwest-1', 'eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'me-south-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-1', 'us-west-2'],
  G4DN_METAL: ['af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'cn-north-1', 'cn-northwest-1', 'eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'me-south-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-west-1', 'us-west-1', 'us-west-2'],
  TRN1N: ['us-east-1', 'us-east-2', 'us-west-2'],
  INF2: ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-2'],
  INF2_8XLARGE: ['ap-northeast-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-2'],
} as const;

/**
 * Every AWS machine with accelerators that EKS supports. Sources, read 2026-11:
 * - aws/karpenter-provider-aws 1d92708: instance types, VPC limits, bandwidth
 * - aws/amazon-vpc-cni-k8s b521883: cross-check of the cards
 * - EC2 DescribeInstanceTypes export in getmoto/moto 5.2.5: cluster placement, and every figure of GR6
 * - EKS user guide (ml-eks-nvidia-ultraserver), aws/aws-parallelcluster#6930 and NVIDIA/aicr#1256: GB200
 * - aws-neuron/aws-neuron-sdk trn2-arch: Trainium2 memory
 * - EC2 user guide (ec2-instance-topology-prerequisites): topology layers
 * - FSx for Lustre guide (efa-file-systems): Lustre clients over EFA, P6-B300 there from a third party
 */
export const AWS_MACHINES = {
  'p6e-gb200.36xlarge': { chip: 'GB200', accelerators: 4, acceleratorMemoryGiB: 185, vcpus: 144, memoryGiB: 960, arch: 'arm64', efaInterfaces: 16, cards: [...ena(1, 2), ...[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2].flatMap((max) => efa(1, max))], networkGbps: 3200, clusterPlacement: false, markets: ['capacity-block'], ultraServerNodes: [9, 18], topologyLayers: 3, lustreEfa: true, regions: REGIONS.P6E_GB200, unverified: 'EFA cards are derived: 16 EFA interfaces on 17 cards, so card 0 is assumed to be ENA only; published layouts disagree. Sources disagree on 3 or 4 topology layers' },
  'p6-b300.48xlarge': { chip: 'B300', accelerators: 8, acceleratorMemoryGiB: 268.6, vcpus: 192, memoryGiB: 4096, arch: 'amd64', efaInterfaces: 16, cards: [...ena(1, 4), ...efa(16, 4)], networkGbps: 6400, ebsGbps: 100, localNvmeGB: 30_400, clusterPlacement: true, topologyLayers: 4, lustreEfa: true, regions: REGIONS.P6_B300 },
  'p6-b200.48xlarge': { chip: 'B200', accelerators: 8, acceleratorMemoryGiB: 179.1, vcpus: 192, memoryGiB: 2048, arch: 'amd64', efaInterfaces: 8, cards: efa(8, 4), networkGbps: 3200, ebsGbps: 100, localNvmeGB: 30_400, clusterPlacement: true, topologyLayers: 4, lustreEfa: true, regions: REGIONS.P6_B200 },
  'p5en.48xlarge': { chip: 'H200', accelerators: 8, acceleratorMemoryGiB: 141, vcpus: 192, memoryGiB: 2048, arch: 'amd64', efaInterfaces: 16, cards: efa(16, 4), networkGbps: 3200, ebsGbps: 100, localNvmeGB: 30_400, clusterPlacement: true, topologyLayers: 3, lustreEfa: true, regions: REGIONS.P5EN },
  'p5e.48xlarge': { chip: 'H200', accelerators: 8, acceleratorMemoryGiB: 141, vcpus: 192, memoryGiB: 2048, arch: 'amd64', efaInterfaces: 32, cards: efa(32, 2), networkGbps: 3200, ebsGbps: 80, localNvmeGB: 30_400, clusterPlacement: true, onDemandPriced: false, topologyLayers: 3, lustreEfa: true, regions: REGIONS.P5E },
  'p5.4xlarge': { chip: 'H100', accelerators: 1, acceleratorMemoryGiB: 80, vcpus: 16, memoryGiB: 256, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 4), networkGbps: 100, ebsGbps: 10, localNvmeGB: 3800, clusterPlacement: true, lustreEfa: true, regions: REGIONS.P5 },
  'p5.48xlarge': { chip: 'H100', accelerators: 8, acceleratorMemoryGiB: 80, vcpus: 192, memoryGiB: 2048, arch: 'amd64', efaInterfaces: 32, cards: efa(32, 2), networkGbps: 3200, ebsGbps: 80, localNvmeGB: 30_400, clusterPlacement: true, topologyLayers: 3, lustreEfa: true, regions: REGIONS.P5_48XLARGE },
  'p4de.24xlarge': { chip: 'A100-80', accelerators: 8, acceleratorMemoryGiB: 80, vcpus: 96, memoryGiB: 1152, arch: 'amd64', efaInterfaces: 4, cards: efa(4, 15), networkGbps: 400, ebsGbps: 19, localNvmeGB: 8000, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.P4DE },
  'p4d.24xlarge': { chip: 'A100-40', accelerators: 8, acceleratorMemoryGiB: 40, vcpus: 96, memoryGiB: 1152, arch: 'amd64', efaInterfaces: 4, cards: efa(4, 15), networkGbps: 400, ebsGbps: 19, localNvmeGB: 8000, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.P4D },
  'g7e.2xlarge': { chip: 'RTXPRO6000', accelerators: 1, acceleratorMemoryGiB: 96, vcpus: 8, memoryGiB: 64, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 50, ebsGbps: 5, localNvmeGB: 1900, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G7E },
  'g7e.4xlarge': { chip: 'RTXPRO6000', accelerators: 1, acceleratorMemoryGiB: 96, vcpus: 16, memoryGiB: 128, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 8), networkGbps: 50, ebsGbps: 8, localNvmeGB: 1900, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G7E },
  'g7e.8xlarge': { chip: 'RTXPRO6000', accelerators: 1, acceleratorMemoryGiB: 96, vcpus: 32, memoryGiB: 256, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 100, ebsGbps: 16, localNvmeGB: 1900, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G7E },
  'g7e.12xlarge': { chip: 'RTXPRO6000', accelerators: 2, acceleratorMemoryGiB: 96, vcpus: 48, memoryGiB: 512, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 10), networkGbps: 400, ebsGbps: 25, localNvmeGB: 3800, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G7E },
  'g7e.24xlarge': { chip: 'RTXPRO6000', accelerators: 4, acceleratorMemoryGiB: 96, vcpus: 96, memoryGiB: 1024, arch: 'amd64', efaInterfaces: 2, cards: efa(2, 10), networkGbps: 800, ebsGbps: 50, localNvmeGB: 7600, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G7E },
  'g7e.48xlarge': { chip: 'RTXPRO6000', accelerators: 8, acceleratorMemoryGiB: 96, vcpus: 192, memoryGiB: 2048, arch: 'amd64', efaInterfaces: 4, cards: efa(4, 10), networkGbps: 1600, ebsGbps: 100, localNvmeGB: 15_200, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G7E },
  'g7.2xlarge': { chip: 'RTXPRO4500', accelerators: 1, acceleratorMemoryGiB: 32, vcpus: 8, memoryGiB: 32, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 40, ebsGbps: 8, localNvmeGB: 440, clusterPlacement: true, regions: REGIONS.G7 },
  'g7.4xlarge': { chip: 'RTXPRO4500', accelerators: 1, acceleratorMemoryGiB: 32, vcpus: 16, memoryGiB: 64, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 8), networkGbps: 80, ebsGbps: 8, localNvmeGB: 875, clusterPlacement: true, regions: REGIONS.G7 },
  'g7.8xlarge': { chip: 'RTXPRO4500', accelerators: 1, acceleratorMemoryGiB: 32, vcpus: 32, memoryGiB: 128, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 10), networkGbps: 100, ebsGbps: 16, localNvmeGB: 930, clusterPlacement: true, regions: REGIONS.G7 },
  'g7.12xlarge': { chip: 'RTXPRO4500', accelerators: 2, acceleratorMemoryGiB: 32, vcpus: 48, memoryGiB: 192, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 12), networkGbps: 175, ebsGbps: 20, localNvmeGB: 1900, clusterPlacement: true, regions: REGIONS.G7 },
  'g7.24xlarge': { chip: 'RTXPRO4500', accelerators: 4, acceleratorMemoryGiB: 32, vcpus: 96, memoryGiB: 384, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 24), networkGbps: 350, ebsGbps: 40, localNvmeGB: 3800, clusterPlacement: true, regions: REGIONS.G7 },
  'g7.48xlarge': { chip: 'RTXPRO4500', accelerators: 8, acceleratorMemoryGiB: 32, vcpus: 192, memoryGiB: 768, arch: 'amd64', efaInterfaces: 2, cards: efa(2, 12), networkGbps: 700, ebsGbps: 80, localNvmeGB: 7600, clusterPlacement: true, regions: REGIONS.G7 },
  'g6e.xlarge': { chip: 'L40S', accelerators: 1, acceleratorMemoryGiB: 44.7, vcpus: 4, memoryGiB: 32, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 2.5, ebsGbps: 5, localNvmeGB: 250, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6e.2xlarge': { chip: 'L40S', accelerators: 1, acceleratorMemoryGiB: 44.7, vcpus: 8, memoryGiB: 64, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 5, ebsGbps: 5, localNvmeGB: 450, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6e.4xlarge': { chip: 'L40S', accelerators: 1, acceleratorMemoryGiB: 44.7, vcpus: 16, memoryGiB: 128, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 8), networkGbps: 20, ebsGbps: 8, localNvmeGB: 600, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6e.8xlarge': { chip: 'L40S', accelerators: 1, acceleratorMemoryGiB: 44.7, vcpus: 32, memoryGiB: 256, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 25, ebsGbps: 16, localNvmeGB: 900, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6e.12xlarge': { chip: 'L40S', accelerators: 4, acceleratorMemoryGiB: 44.7, vcpus: 48, memoryGiB: 384, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 10), networkGbps: 100, ebsGbps: 20, localNvmeGB: 3800, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6e.16xlarge': { chip: 'L40S', accelerators: 1, acceleratorMemoryGiB: 44.7, vcpus: 64, memoryGiB: 512, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 15), networkGbps: 35, ebsGbps: 20, localNvmeGB: 1900, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6e.24xlarge': { chip: 'L40S', accelerators: 4, acceleratorMemoryGiB: 44.7, vcpus: 96, memoryGiB: 768, arch: 'amd64', efaInterfaces: 2, cards: efa(2, 10), networkGbps: 200, ebsGbps: 30, localNvmeGB: 3800, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6e.48xlarge': { chip: 'L40S', accelerators: 8, acceleratorMemoryGiB: 44.7, vcpus: 192, memoryGiB: 1536, arch: 'amd64', efaInterfaces: 4, cards: efa(4, 10), networkGbps: 400, ebsGbps: 60, localNvmeGB: 7600, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.G6E },
  'g6.xlarge': { chip: 'L4', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 4, memoryGiB: 16, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 2.5, ebsGbps: 5, localNvmeGB: 250, clusterPlacement: true, regions: REGIONS.G6 },
  'g6.2xlarge': { chip: 'L4', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 8, memoryGiB: 32, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 5, ebsGbps: 5, localNvmeGB: 450, clusterPlacement: true, regions: REGIONS.G6 },
  'g6.4xlarge': { chip: 'L4', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 16, memoryGiB: 64, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 8), networkGbps: 10, ebsGbps: 8, localNvmeGB: 600, clusterPlacement: true, regions: REGIONS.G6 },
  'g6.8xlarge': { chip: 'L4', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 32, memoryGiB: 128, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 25, ebsGbps: 16, localNvmeGB: 900, clusterPlacement: true, regions: REGIONS.G6 },
  'g6.12xlarge': { chip: 'L4', accelerators: 4, acceleratorMemoryGiB: 22.4, vcpus: 48, memoryGiB: 192, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 40, ebsGbps: 20, localNvmeGB: 3760, clusterPlacement: true, regions: REGIONS.G6 },
  'g6.16xlarge': { chip: 'L4', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 64, memoryGiB: 256, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 15), networkGbps: 25, ebsGbps: 20, localNvmeGB: 1880, clusterPlacement: true, regions: REGIONS.G6 },
  'g6.24xlarge': { chip: 'L4', accelerators: 4, acceleratorMemoryGiB: 22.4, vcpus: 96, memoryGiB: 384, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 15), networkGbps: 50, ebsGbps: 30, localNvmeGB: 3760, clusterPlacement: true, regions: REGIONS.G6 },
  'g6.48xlarge': { chip: 'L4', accelerators: 8, acceleratorMemoryGiB: 22.4, vcpus: 192, memoryGiB: 768, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 15), networkGbps: 100, ebsGbps: 60, localNvmeGB: 7520, clusterPlacement: true, regions: REGIONS.G6 },
  'gr6.8xlarge': { chip: 'L4', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 32, memoryGiB: 256, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 25, ebsGbps: 16, localNvmeGB: 900, clusterPlacement: true, regions: REGIONS.GR6 },
  'g6f.large': { chip: 'L4', accelerators: 0.125, acceleratorMemoryGiB: 2.8, vcpus: 2, memoryGiB: 8, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 2), networkGbps: 1.5, ebsGbps: 5, localNvmeGB: 100, clusterPlacement: true, regions: REGIONS.G6F },
  'g6f.xlarge': { chip: 'L4', accelerators: 0.125, acceleratorMemoryGiB: 2.8, vcpus: 4, memoryGiB: 16, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 2.5, ebsGbps: 5, localNvmeGB: 100, clusterPlacement: true, regions: REGIONS.G6F },
  'g6f.2xlarge': { chip: 'L4', accelerators: 0.25, acceleratorMemoryGiB: 5.6, vcpus: 8, memoryGiB: 32, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 5, ebsGbps: 5, localNvmeGB: 200, clusterPlacement: true, regions: REGIONS.G6F },
  'g6f.4xlarge': { chip: 'L4', accelerators: 0.5, acceleratorMemoryGiB: 11.2, vcpus: 16, memoryGiB: 64, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 8), networkGbps: 10, ebsGbps: 6, localNvmeGB: 450, clusterPlacement: true, regions: REGIONS.G6F },
  'g5.xlarge': { chip: 'A10G', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 4, memoryGiB: 16, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 2.5, ebsGbps: 3.5, localNvmeGB: 250, clusterPlacement: true, regions: REGIONS.G5 },
  'g5.2xlarge': { chip: 'A10G', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 8, memoryGiB: 32, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 5, ebsGbps: 3.5, localNvmeGB: 450, clusterPlacement: true, regions: REGIONS.G5 },
  'g5.4xlarge': { chip: 'A10G', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 16, memoryGiB: 64, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 8), networkGbps: 10, ebsGbps: 4.75, localNvmeGB: 600, clusterPlacement: true, regions: REGIONS.G5 },
  'g5.8xlarge': { chip: 'A10G', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 32, memoryGiB: 128, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 25, ebsGbps: 16, localNvmeGB: 900, clusterPlacement: true, regions: REGIONS.G5 },
  'g5.12xlarge': { chip: 'A10G', accelerators: 4, acceleratorMemoryGiB: 22.4, vcpus: 48, memoryGiB: 192, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 15), networkGbps: 40, ebsGbps: 16, localNvmeGB: 3800, clusterPlacement: true, regions: REGIONS.G5 },
  'g5.16xlarge': { chip: 'A10G', accelerators: 1, acceleratorMemoryGiB: 22.4, vcpus: 64, memoryGiB: 256, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 25, ebsGbps: 16, localNvmeGB: 1900, clusterPlacement: true, regions: REGIONS.G5 },
  'g5.24xlarge': { chip: 'A10G', accelerators: 4, acceleratorMemoryGiB: 22.4, vcpus: 96, memoryGiB: 384, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 15), networkGbps: 50, ebsGbps: 19, localNvmeGB: 3800, clusterPlacement: true, regions: REGIONS.G5 },
  'g5.48xlarge': { chip: 'A10G', accelerators: 8, acceleratorMemoryGiB: 22.4, vcpus: 192, memoryGiB: 768, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 7), networkGbps: 100, ebsGbps: 19, localNvmeGB: 7600, clusterPlacement: true, regions: REGIONS.G5 },
  'g4dn.xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGiB: 16, vcpus: 4, memoryGiB: 16, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 3), networkGbps: 5, ebsGbps: 3.5, localNvmeGB: 125, clusterPlacement: true, regions: REGIONS.G4DN },
  'g4dn.2xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGiB: 16, vcpus: 8, memoryGiB: 32, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 3), networkGbps: 10, ebsGbps: 3.5, localNvmeGB: 225, clusterPlacement: true, regions: REGIONS.G4DN },
  'g4dn.4xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGiB: 16, vcpus: 16, memoryGiB: 64, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 3), networkGbps: 20, ebsGbps: 4.75, localNvmeGB: 225, clusterPlacement: true, regions: REGIONS.G4DN },
  'g4dn.8xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGiB: 16, vcpus: 32, memoryGiB: 128, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 4), networkGbps: 50, ebsGbps: 9.5, localNvmeGB: 900, clusterPlacement: true, regions: REGIONS.G4DN },
  'g4dn.12xlarge': { chip: 'T4', accelerators: 4, acceleratorMemoryGiB: 16, vcpus: 48, memoryGiB: 192, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 8), networkGbps: 50, ebsGbps: 9.5, localNvmeGB: 900, clusterPlacement: true, regions: REGIONS.G4DN },
  'g4dn.16xlarge': { chip: 'T4', accelerators: 1, acceleratorMemoryGiB: 16, vcpus: 64, memoryGiB: 256, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 4), networkGbps: 50, ebsGbps: 9.5, localNvmeGB: 900, clusterPlacement: true, regions: REGIONS.G4DN },
  'g4dn.metal': { chip: 'T4', accelerators: 8, acceleratorMemoryGiB: 16, vcpus: 96, memoryGiB: 384, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 15), networkGbps: 100, ebsGbps: 19, localNvmeGB: 1800, clusterPlacement: true, regions: REGIONS.G4DN_METAL },
  'trn2u.48xlarge': { chip: 'Trainium2', accelerators: 16, acceleratorMemoryGiB: 96, vcpus: 192, memoryGiB: 2048, arch: 'amd64', efaInterfaces: 16, cards: efa(16, 2), networkGbps: 3200, ebsGbps: 80, localNvmeGB: 7600, clusterPlacement: true, markets: ['on-demand', 'reservation', 'capacity-block'], ultraServerNodes: [4], topologyLayers: 3, regions: [], unverified: 'card limits are assumed equal to trn2.48xlarge' },
  'trn2.3xlarge': { chip: 'Trainium2', accelerators: 1, acceleratorMemoryGiB: 96, vcpus: 12, memoryGiB: 128, arch: 'amd64', efaInterfaces: 1, cards: efa(1, 2), networkGbps: 200, ebsGbps: 5, localNvmeGB: 470, clusterPlacement: true, regions: [], unverified: 'vCPU and memory are recalled; no region list has it' },
  'trn2.48xlarge': { chip: 'Trainium2', accelerators: 16, acceleratorMemoryGiB: 96, vcpus: 192, memoryGiB: 2048, arch: 'amd64', efaInterfaces: 16, cards: efa(16, 2), networkGbps: 3200, ebsGbps: 80, localNvmeGB: 7600, clusterPlacement: true, onDemandPriced: false, topologyLayers: 3, regions: REGIONS.P5E },
  'trn1n.32xlarge': { chip: 'Trainium1', accelerators: 16, acceleratorMemoryGiB: 32, vcpus: 128, memoryGiB: 512, arch: 'amd64', efaInterfaces: 16, cards: efa(16, 5), networkGbps: 1600, ebsGbps: 80, localNvmeGB: 7600, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.TRN1N },
  'trn1.2xlarge': { chip: 'Trainium1', accelerators: 1, acceleratorMemoryGiB: 32, vcpus: 8, memoryGiB: 32, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 3.125, ebsGbps: 20, localNvmeGB: 474, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.TRN1N },
  'trn1.32xlarge': { chip: 'Trainium1', accelerators: 16, acceleratorMemoryGiB: 32, vcpus: 128, memoryGiB: 512, arch: 'amd64', efaInterfaces: 8, cards: efa(8, 5), networkGbps: 800, ebsGbps: 80, localNvmeGB: 7600, clusterPlacement: true, topologyLayers: 3, regions: REGIONS.TRN1N },
  'inf2.xlarge': { chip: 'Inferentia2', accelerators: 1, acceleratorMemoryGiB: 32, vcpus: 4, memoryGiB: 16, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 4), networkGbps: 2.083, ebsGbps: 10, localNvmeGB: 0, clusterPlacement: true, regions: REGIONS.INF2 },
  'inf2.8xlarge': { chip: 'Inferentia2', accelerators: 1, acceleratorMemoryGiB: 32, vcpus: 32, memoryGiB: 128, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 8), networkGbps: 16.667, ebsGbps: 10, localNvmeGB: 0, clusterPlacement: true, regions: REGIONS.INF2_8XLARGE },
  'inf2.24xlarge': { chip: 'Inferentia2', accelerators: 6, acceleratorMemoryGiB: 32, vcpus: 96, memoryGiB: 384, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 15), networkGbps: 50, ebsGbps: 30, localNvmeGB: 0, clusterPlacement: true, regions: REGIONS.INF2_8XLARGE },
  'inf2.48xlarge': { chip: 'Inferentia2', accelerators: 12, acceleratorMemoryGiB: 32, vcpus: 192, memoryGiB: 768, arch: 'amd64', efaInterfaces: 0, cards: ena(1, 15), networkGbps: 100, ebsGbps: 60, localNvmeGB: 0, clusterPlacement: true, regions: REGIONS.INF2_8XLARGE },
} as const satisfies Record<string, AwsMachineRow>;

/** The name of an AWS machine in the table, for example `p5.48xlarge`. */
export type AwsMachineName = keyof typeof AWS_MACHINES;
