import { openContainer } from '../../core/machine-findings';
import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { NO_SCALE_TO_ZERO_REGIONS } from '../../core/catalog/sagemaker-hosting';
import { SAGEMAKER_PRICES } from '../../core/catalog/sagemaker-machines';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { acknowledge, record } from '../template/findings';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { isOpen } from './endpoint-checks';
import { hasLocalDisks, isHost } from './serving-host';
import type { SettledEndpoint, SettledModel } from './settled-endpoint';

/** Records what is doubtful about an endpoint. */
export function recordEndpointFindings(
  scope: Construct,
  props: InferenceEndpointProps,
  settled: SettledEndpoint,
): void {
  for (const model of settled.models) recordModel(scope, props, model);
  recordMachine(scope, props);
  recordNetwork(scope, props);
  recordZero(scope, props, settled);
  if (settled.plan) {
    recordPlan(scope, settled.plan);
    recordSize(scope, settled.models[0]!, settled.plan);
  }
}

function recordModel(
  scope: Construct,
  props: InferenceEndpointProps,
  { name, model, accelerators = 0, limits }: SettledModel,
): void {
  const { container, artifact } = model;
  const { row } = container;
  if (row.archivedSince) {
    record(scope, {
      id: 'serving/archived',
      level: 'warning',
      message: `${name} is served by ${row.title}, which was archived on ${row.archivedSince}: nobody mends its vulnerabilities.`,
      fix: 'Take another server, e.g. ServingContainer.triton, whose PyTorch backend runs the same models.',
      evidence: row.source,
    });
  }
  if (row.sharedMemory === 'dev-shm' && accelerators > 1) {
    record(scope, {
      id: 'serving/shared-memory',
      level: 'info',
      message: `${name} spans ${accelerators} accelerators, whose processes share /dev/shm: SageMaker publishes no size and takes none.`,
      fix: 'Should it stop with a bus error, set NCCL_SHM_DISABLE to 1 in the environment.',
      evidence: row.source,
    });
  }
  if (!artifact.sha256) {
    record(scope, {
      id: 'model/no-digest',
      level: 'info',
      message: `${name} is pinned by its version, ${artifact.version}, and nothing proves its content.`,
      fix: 'Give sha256 of the list of files and their digests.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html',
    });
  }
  if (kindOf(props).scales && limits.minimum === 1 && limits.maximum === 1) {
    record(scope, {
      id: 'serving/one-replica',
      level: 'info',
      message: `${name} is answered by one ${kindOf(props).scales === 'copies' ? 'copy' : 'instance'} alone: SageMaker spreads over zones from two on.`,
      fix: 'Set scaling.minimum to 2 or more where it matters.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html',
    });
  }
}

function recordMachine(scope: Construct, { machine, encryptionKey }: InferenceEndpointProps): void {
  if (!machine) return;
  if (!isHost(machine)) {
    record(scope, {
      id: 'machine/unverified',
      level: 'warning',
      message: `It is not known that SageMaker hosts endpoints on ${machine.name}: the machine is described by hand.`,
      fix: 'Look it up in the list of instance types of CreateEndpointConfig.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html',
    });
  }
  if (encryptionKey || hasLocalDisks(machine) === false) return;
  const why = 'SageMaker refuses a key for volumes of machines with local disks, which encrypt in hardware.';
  record(scope, {
    id: 'encryption/local-disk',
    level: 'warning',
    message: `The disks of ${machine.name} are encrypted under a key that only the machine has, not under one of yours.`,
    fix: 'Take a machine without local disks, such as Inferentia2, where a key of yours is demanded.',
    evidence: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  });
  acknowledge(scope, 'encryption/local-disk', why);
}

function recordNetwork(scope: Construct, props: InferenceEndpointProps): void {
  if (isOpen(props)) {
    const evidence = 'https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html';
    record(scope, openContainer('SageMaker', 'Leave isolated out, or give a vpc.', evidence));
  }
  if (!props.dataCapture || kindOf(props).name !== 'components') return;
  record(scope, {
    id: 'serving/capture',
    level: 'warning',
    message: 'AWS documents the capture of requests for variants: of inference components it says nothing.',
    fix: 'Look into the bucket after the first requests, or use EndpointKind.variants().',
    evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html',
  });
}

function recordZero(scope: Construct, props: InferenceEndpointProps, { models, plan }: SettledEndpoint): void {
  const asleep = models.filter(({ limits }) => limits.minimum === 0).map(({ name }) => name);
  if (asleep.length === 0) return;
  const { region } = Stack.of(scope);
  if (kindOf(props).name === 'components') {
    const reading = plan ? `, and reading the weights takes ${Math.ceil(plan.coldStart.seconds)} s of that` : '';
    record(scope, {
      id: 'serving/wake-up',
      level: 'info',
      message: `${asleep.join(', ')} may have no copy: requests fail for minutes until one is up${reading}.`,
      fix: 'Have clients try again, or set scaling.minimum to 1 for the hours that matter, by schedule.',
      evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html',
    });
  }
  if (Token.isUnresolved(region) || !NO_SCALE_TO_ZERO_REGIONS.includes(region)) return;
  record(scope, {
    id: 'serving/zero-region',
    level: 'warning',
    message: `Endpoints without instances were refused in ${region}, by one report.`,
    fix: 'Try it, or set scaling.minimum to 1.',
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
      message: `The price of ${plan.cluster.machine} was copied by a third party on ${SAGEMAKER_PRICES.date}.`,
      fix: 'Read it off the price list of SageMaker and give it in prices.',
      evidence: price.source,
    });
  }
  if (!Token.isUnresolved(Stack.of(scope).region) || plan.cluster.region === undefined || !price) return;
  record(scope, {
    id: 'cost/region',
    level: 'info',
    message: `The region is known only at deployment: the plan takes prices of ${plan.cluster.region}.`,
    fix: 'State env.region of the stack.',
    evidence: price.source,
  });
}

/** What makes an artefact larger or smaller than its weights: a tokenizer, or another precision than was declared. */
const SIZE_TOLERANCE = 1.3;

function recordSize(
  scope: Construct,
  { name, model: { artifact } }: SettledModel,
  { coldStart, load }: ServingPlan,
): void {
  const { weightsGB } = coldStart;
  const factor = Math.max(artifact.sizeGB / weightsGB, weightsGB / artifact.sizeGB);
  // An archive is packed: how large it is unpacked nobody knows.
  if (artifact.kind === 'archive' || factor <= SIZE_TOLERANCE) return;
  record(scope, {
    id: 'model/size',
    level: 'warning',
    message: `The artefact of ${name} has ${artifact.sizeGB} GB, and the weights of ${load.model} in ${load.weightPrecision} take ${weightsGB.toPrecision(3)} GB.`,
    fix: 'State the size of the files, and the precision of the weights in the load.',
    evidence: 'parameters times bytes of a weight',
  });
}
