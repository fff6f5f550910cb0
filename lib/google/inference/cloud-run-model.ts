import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import { checkModelSize } from '../../kubernetes/serving/model-files';
import { isKnown, isUnknown } from '../../terraform/tokens';
import type { IDataBucket } from '../storage/data-bucket';
import { DATA_BUCKET, IMAGE_MODEL_OPTIONS, MOUNTED_MODEL_OPTIONS } from '../prop-schemas';
import { type PriceOverride, Prices } from '../../core/catalog/price-override';
import type { ServiceOffers } from '../../core/cost-allocation';
import { CLOUD_RUN_GPUS, CLOUD_RUN_PRICES, type CloudRunGpuRow } from '../../core/catalog/cloud-run-gpus';
import type { Machine } from '../../core/catalog/machines';
import { GoogleMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';

/** Options for a model in a bucket. */
export interface MountedModelOptions {
  /** Prefix of the model files, for example `llama-3.1-8b/v3/`. The files must not change, so put the version in the prefix. */
  readonly prefix: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
}

/** Options for a model in the server image. */
export interface ImageModelOptions {
  /** Folder in the image, for example `/models/llama`. */
  readonly path: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
}

interface State {
  readonly sizeGiB: number;
  readonly bucket?: IDataBucket;
  readonly prefix?: string;
  readonly path?: string;
}

/** Mount path of the bucket. */
export const MODEL_MOUNT = '/models';

/**
 * The source of a model on Cloud Run. Each instance reads it when it starts.
 *
 * @example
 * ```ts
 * import { CloudRunModel } from 'ai-infra-constructs/google';
 *
 * CloudRunModel.bucket({ name: 'my-models' }, { prefix: 'gemma-3-4b/v2/', sizeGiB: 8 });
 * ```
 */
export class CloudRunModel {
  /** A model in a bucket, which is mounted read-only. Use a bucket in the region of the service. */
  static bucket(bucket: IDataBucket, options: MountedModelOptions): CloudRunModel {
    assertProps({ bucket }, { bucket: required(DATA_BUCKET) });
    assertProps(options, MOUNTED_MODEL_OPTIONS, { name: 'options' });
    return new CloudRunModel({ ...options, bucket });
  }

  /** A model in your own server image. */
  static image(options: ImageModelOptions): CloudRunModel {
    assertProps(options, IMAGE_MODEL_OPTIONS, { name: 'options' });
    return new CloudRunModel(options);
  }

  /** Bucket of the model. @default - the model is in the image */
  public readonly bucket?: IDataBucket;
  /** Size of the weights, in GiB. */
  public readonly sizeGiB: number;

  private constructor(private readonly state: State) {
    this.bucket = state.bucket;
    this.sizeGiB = state.sizeGiB;
  }

  /** Path of the model in the container. */
  get path(): string {
    const { path, prefix = '' } = this.state;
    return path ?? `${MODEL_MOUNT}/${prefix.replace(/\/+$/, '')}`;
  }

  /** @internal Validates the source. */
  check(problems: ProblemCollector): void {
    const { prefix, path, sizeGiB } = this.state;
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
    if (prefix !== undefined && !isUnknown(prefix) && !PREFIX.test(prefix)) {
      wrong('prefix', 'a relative folder without . and .. segments', prefix, 'Write a prefix such as llama/v3/.');
    }
    if (path !== undefined && !isUnknown(path) && !/^\/\S+$/.test(path)) {
      wrong('path', 'an absolute path', path, 'Use the path inside the image.');
    }
    if (isKnown(problems, 'sizeGiB', sizeGiB)) checkModelSize(problems, sizeGiB);
  }
}

brand(CloudRunModel, 'google.CloudRunModel');
// Segments of object names, without . and .., which would change the folder.
const PREFIX = /^(?!\.{1,2}\/)[^/\s]+(\/(?!\.{1,2}(\/|$))[^/\s]+)*\/?$/;

/** A GPU of Cloud Run. Each instance has one. */
export enum CloudRunGpu {
  /** NVIDIA L4 with 24 GB. Needs at least 4 vCPUs and 16 GiB. */
  L4 = 'nvidia-l4',
  /** NVIDIA RTX PRO 6000 with 96 GB. Needs at least 20 vCPUs and 80 GiB. */
  RTX_PRO_6000 = 'nvidia-rtx-pro-6000',
}

/** The size of an instance. */
export interface CloudRunSize {
  readonly gpu: CloudRunGpu;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly zonalRedundancy: boolean;
  readonly region: string;
}

/** Returns the catalog row of a GPU on Cloud Run. */
export function gpuRow(gpu: CloudRunGpu): CloudRunGpuRow {
  return CLOUD_RUN_GPUS[gpu];
}

/** Returns the memory of the GPU, in GiB. */
export function gpuMemoryGiB(gpu: CloudRunGpu): number {
  const { spec, chip } = GoogleMachine.fromName(gpuRow(gpu).like);
  return Math.min(spec.acceleratorMemoryGB, chip.memoryGiB);
}

/** Returns an instance as the planner models it: a machine with one GPU. */
export function plannedInstance({ gpu, vcpus, memoryGiB }: Pick<CloudRunSize, 'gpu' | 'vcpus' | 'memoryGiB'>): Machine {
  const { spec } = GoogleMachine.fromName(gpuRow(gpu).like);
  // The network bandwidth of an instance is not published.
  const machine = plannedMachine({ name: instanceName(gpu), spec: { ...spec, networkGbps: undefined } });
  return { ...machine, vcpus, memoryGiB, localNvmeGB: 0 };
}

/** Returns the machine name of an instance in plans and prices: `cloud-run-nvidia-l4`. */
export function instanceName(gpu: CloudRunGpu): string {
  return `cloud-run-${gpu}`;
}

const SECONDS_PER_HOUR = 3600;

/** Returns the hourly price of an instance, or nothing if it is unknown. */
export function instancePrices({ gpu, vcpus, memoryGiB, zonalRedundancy, region }: CloudRunSize): PriceOverride[] {
  const { usdPerVcpuSecond, usdPerGiBSecond, tierOne, date, text } = CLOUD_RUN_PRICES;
  const { usdPerSecond } = gpuRow(gpu);
  if (usdPerSecond === undefined || zonalRedundancy || !(tierOne as readonly string[]).includes(region)) return [];
  const perSecond = usdPerSecond + vcpus * usdPerVcpuSecond + memoryGiB * usdPerGiBSecond;
  const usdPerHour = Number((perSecond * SECONDS_PER_HOUR).toFixed(4));
  return [{ machine: instanceName(gpu), cloud: 'google', market: 'on-demand', usdPerHour, region, date, source: text }];
}

/** Returns the instances that Cloud Run sells in a region, each with the smallest size of its GPU, except the instance of the service. */
export function cloudRunOffers(own: CloudRunSize, prices: Prices | undefined): ServiceOffers {
  const sizes = Object.values(CloudRunGpu).flatMap((gpu): CloudRunSize[] => {
    const { regions, byInvitation, vcpus, memoryGiB } = gpuRow(gpu);
    if (gpu === own.gpu) return [own];
    if (!regions.includes(own.region) || byInvitation.includes(own.region)) return [];
    return [{ ...own, gpu, vcpus: vcpus[0]!, memoryGiB: memoryGiB.min }];
  });
  return { machines: sizes.map(plannedInstance), markets: ['on-demand'], prices: pricesOf(sizes, prices) };
}

/** Returns the prices of instances. Your own prices come first. */
export function pricesOf(sizes: readonly CloudRunSize[], prices: Prices | undefined): Prices {
  return Prices.of([...(prices?.overrides ?? []), ...sizes.flatMap(instancePrices)], { asOf: prices?.asOf });
}
