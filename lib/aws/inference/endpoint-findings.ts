import { openContainer } from '../../core/machine-findings';
import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  DEFAULT_DRIVERS,
  type DefaultDriver,
  INFERENCE_AMIS,
  type InferenceAmiRow,
  NO_SCALE_TO_ZERO_REGIONS,
} from '../../core/catalog/sagemaker-hosting';
import { SAGEMAKER_PRICES } from '../../core/catalog/sagemaker-machines';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { acknowledge, record } from '../template/findings';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { isOpen } from './endpoint-checks';
import { hasLocalDisks, isHost } from './serving-host';
import type { ResolvedEndpoint, ResolvedModel } from './resolved-endpoint';

/** Records the findings of an endpoint. */
export function recordEndpointFindings(
  scope: Construct,
  props: InferenceEndpointProps,
  resolved: ResolvedEndpoint,
): void {
  for (const model of resolved.models) {
    recordModel(scope, props, model);
    recordDriver(scope, props, model);
  }
  recordMachine(scope, props);
  recordNetwork(scope, props);
  recordZero(scope, props, resolved);
  if (resolved.plan) {
    recordPlan(scope, resolved.plan);
    recordSize(scope, resolved.models[0]!, resolved.plan);
  }
}

function recordModel(
  scope: Construct,
  props: InferenceEndpointProps,
  { name, model, accelerators = 0, limits }: ResolvedModel,
): void {
  const { container, artifact } = model;
  const { row } = container;
  if (row.archivedSince) {
    record(scope, {
      id: 'serving/archived',
      level: 'warning',
      message: `${name} is served by ${row.title}, which was archived on ${row.archivedSince} and gets no security fixes.`,
      fix: 'Use another server, for example ServingContainer.triton: its PyTorch backend runs the same models.',
      evidence: row.source,
    });
  }
  if (row.sharedMemory === 'dev-shm' && accelerators > 1) {
    record(scope, {
      id: 'serving/shared-memory',
      level: 'info',
      message: `${name} spans ${accelerators} accelerators, whose processes share /dev/shm. SageMaker does not publish its size and cannot change it.`,
      fix: 'If the container stops with a bus error, set NCCL_SHM_DISABLE to 1 in `environment`.',
      evidence: row.source,
    });
  }
  if (!artifact.sha256) {
    record(scope, {
      id: 'model/no-digest',
      level: 'info',
      message: `${name} is pinned to version ${artifact.version}, but no digest proves its content.`,
      fix: 'List the digest of every file with `sha256sum`, and set `sha256` to the digest of that list.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html',
    });
  }
  if (kindOf(props).scales && limits.minReplicas === 1 && limits.maxReplicas === 1) {
    record(scope, {
      id: 'serving/one-replica',
      level: 'info',
      message: `${name} has only one ${kindOf(props).scales === 'copies' ? 'copy' : 'instance'}. SageMaker uses several zones only for two or more.`,
      fix: 'Set `scaling.minReplicas` to 2 or more if the model must survive the loss of a zone.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html',
    });
  }
}

const AMIS = Object.entries<InferenceAmiRow>(INFERENCE_AMIS);

/** Warns if the driver of the instances may be too old for the CUDA version of an image. A driver runs all minor versions of its CUDA. */
function recordDriver(
  scope: Construct,
  { machine, inferenceAmi }: InferenceEndpointProps,
  { name, model: { container } }: ResolvedModel,
): void {
  const { cudaVersion } = container.image;
  const newEnough = ({ cuda = '0' }: DefaultDriver) => parseInt(cuda) >= parseInt(cudaVersion ?? '0');
  if (!cudaVersion || machine?.chip.vendor !== 'NVIDIA') return;
  const [family] = machine.name.split('.') as [string];
  const known: DefaultDriver | undefined = inferenceAmi ? INFERENCE_AMIS[inferenceAmi] : DEFAULT_DRIVERS[family];
  // For a family that AWS does not list, the AMI with the oldest driver that users can choose decides.
  if (newEnough(known ?? AMIS[0]![1])) return;
  const [fitting] = AMIS.find(([, row]) => newEnough(row)) ?? [];
  const ami = inferenceAmi ?? `The default AMI of ${family} machines`;
  const driver = known ? `has driver ${known.driver}, which` : 'can have a driver that';
  record(scope, {
    id: 'image/driver',
    level: 'warning',
    message: `${name} uses an image with CUDA ${cudaVersion}. ${ami} ${driver} is too old for it. The container may not start.`,
    fix: fitting ? `Set inferenceAmi to '${fitting}'.` : 'Use an image with an older CUDA version.',
    evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/inference-gpu-drivers.html',
  });
}

function recordMachine(scope: Construct, { machine, encryptionKey }: InferenceEndpointProps): void {
  if (!machine) return;
  if (!isHost(machine)) {
    record(scope, {
      id: 'machine/unverified',
      level: 'warning',
      message: `The catalog does not show whether SageMaker hosts endpoints on ${machine.name}, because the machine is defined by hand.`,
      fix: 'Look it up in the list of instance types of CreateEndpointConfig.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html',
    });
  }
  if (encryptionKey || hasLocalDisks(machine) === false) return;
  const why = 'SageMaker rejects a key for machines with local disks, which the hardware encrypts.';
  record(scope, {
    id: 'encryption/local-disk',
    level: 'warning',
    message: `The hardware of ${machine.name} encrypts its local disks with its own key, not with your KMS key.`,
    fix: 'If a policy requires your own key, use a machine without local disks, for example Inferentia2.',
    evidence: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  });
  acknowledge(scope, 'encryption/local-disk', why);
}

function recordNetwork(scope: Construct, props: InferenceEndpointProps): void {
  if (isOpen(props)) {
    const evidence = 'https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html';
    record(scope, openContainer('SageMaker', 'Leave `isolated` out, or set `vpc`.', evidence));
  }
  if (!props.dataCapture || kindOf(props).name !== 'components') return;
  record(scope, {
    id: 'serving/capture',
    level: 'warning',
    message: 'AWS documents data capture for variants, but not for inference components.',
    fix: 'Check the bucket after the first requests, or use EndpointKind.variants().',
    evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html',
  });
}

function recordZero(scope: Construct, props: InferenceEndpointProps, { models, plan }: ResolvedEndpoint): void {
  const scaledToZero = models.filter(({ limits }) => limits.minReplicas === 0).map(({ name }) => name);
  if (scaledToZero.length === 0) return;
  const { region } = Stack.of(scope);
  if (kindOf(props).name === 'components') {
    const reading = plan ? ` Reading the weights takes ${Math.ceil(plan.coldStart.seconds)} s of that.` : '';
    record(scope, {
      id: 'serving/cold-start',
      level: 'info',
      message: `${scaledToZero.join(', ')} can scale to zero. Requests then fail for minutes until a copy runs.${reading}`,
      fix: 'Make clients retry, or raise `minReplicas` to 1 by schedule during business hours.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html',
    });
  }
  if (Token.isUnresolved(region) || !NO_SCALE_TO_ZERO_REGIONS.includes(region)) return;
  record(scope, {
    id: 'serving/zero-region',
    level: 'warning',
    message: `One report says that ${region} rejects endpoints without instances.`,
    fix: 'Test it, or set `scaling.minReplicas` to 1.',
    evidence: 'hashicorp/terraform-provider-aws#40606',
  });
}

function recordPlan(scope: Construct, plan: ServingPlan): void {
  for (const finding of plan.findings) record(scope, finding);
  const price = plan.costs.find(({ chosen }) => chosen)?.price;
  if (price?.source === SAGEMAKER_PRICES.text) {
    record(scope, {
      id: 'cost/price',
      level: 'info',
      message: `The price of ${plan.cluster.machine} is a third-party copy of ${SAGEMAKER_PRICES.date}.`,
      fix: 'Look it up in the price list of SageMaker, and set `prices`.',
      evidence: price.source,
    });
  }
  if (!Token.isUnresolved(Stack.of(scope).region) || plan.cluster.region === undefined || !price) return;
  record(scope, {
    id: 'cost/region',
    level: 'info',
    message: `The region is known only at deployment, so the plan uses the prices of ${plan.cluster.region}.`,
    fix: 'Set `env.region` of the stack.',
    evidence: price.source,
  });
}

/** Allowed ratio between the artifact and the weights. A tokenizer or a different precision explains a larger one. */
const SIZE_TOLERANCE = 1.3;

function recordSize(
  scope: Construct,
  { name, model: { artifact } }: ResolvedModel,
  { coldStart, load }: ServingPlan,
): void {
  const { weightsGB } = coldStart;
  const factor = Math.max(artifact.sizeGB / weightsGB, weightsGB / artifact.sizeGB);
  // The unpacked size of an archive is unknown.
  if (artifact.kind === 'archive' || factor <= SIZE_TOLERANCE) return;
  record(scope, {
    id: 'model/size',
    level: 'warning',
    message: `The artifact of ${name} has ${artifact.sizeGB} GB, but the weights of ${load.model} in ${load.weightPrecision} need ${weightsGB.toPrecision(3)} GB.`,
    fix: 'Correct `sizeGB` of the artifact, or the weight precision of the load.',
    evidence: 'parameters times bytes of a weight',
  });
}
