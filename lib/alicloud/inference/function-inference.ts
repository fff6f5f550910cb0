import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { ProblemCollector } from '../../core/errors';
import { required, STRING, validated, validateProps } from '../../core/prop-schema';
import { startupSeconds } from '../../kubernetes';
import { imageFindings, planFindings, sizeFindings } from '../../kubernetes/serving/inference-findings';
import { commandOf } from '../../kubernetes/serving/serving-server';
import { record } from '../../terraform/findings';
import { jsonText } from '../../terraform/json-text';
import { physicalName, plainText } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { recordWorkload } from '../../terraform/recorded-workload';
import { recordRequestTime } from '../../terraform/request-time';
import { CurrentAccount } from '../operations/current-account';
import { grantToRole } from '../operations/ram';
import { requireRegionOfProvider } from '../props/location';
import { FUNCTION_INFERENCE_PROPS } from '../prop-schemas';
import {
  Fcv3Alias,
  Fcv3ConcurrencyConfig,
  Fcv3Function,
  type Fcv3FunctionConfig,
  Fcv3ProvisionConfig,
  Fcv3Trigger,
  type RamRolePolicyAttachment,
} from '../provider/alicloud';
import { grantBucket } from '../storage/bucket-grants';
import { MODEL_MOUNT } from './endpoint-model';
import { checkRoleName, type ResolvedFunction, resolveFunction } from './function-checks';
import { type FunctionGpu, functionOffers, gpuRow } from './function-gpu';
import { functionLog } from './function-log';
import type { EndpointMonitoring } from './inference-observability';
import type { FunctionInferenceProps, FunctionLog, FunctionTraffic } from './function-props';
import { type ServingRole, servingRole } from './serving-role';

const SERVICE = 'fc.aliyuncs.com';
const MAX_NAME_LENGTH = 64;
/** Name of the alias that receives the requests of published versions. */
const ALIAS = 'live';
/** Disk of an instance in MB: 512 or 10,240. Servers write caches of compiled kernels. */
const DISK_MB = 10_240;

/**
 * A model on Function Compute, with one GPU for each instance. A function scales to zero. Idle instances of the minimum keep the model in a frozen GPU.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/fc/product-overview/instance-types-and-usage-modes
 * @example
 * ```ts
 * import { DataBucket, EndpointModel, FunctionGpu, FunctionInference, ServingServer } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const models = DataBucket.fromBucketName(stack, 'Models', 'my-models');
 * const service = new FunctionInference(stack, 'Chat', {
 *   gpu: FunctionGpu.ADA_1,
 *   model: EndpointModel.bucket(models, { prefix: 'qwen3-8b/v2/', sizeGiB: 16 }),
 *   server: ServingServer.vllm({ image: 'registry-vpc.cn-hangzhou.aliyuncs.com/atlas/vllm:0.27.1' }),
 * });
 * service.grantInvoke('App', 'chat-app');
 * ```
 */
export class FunctionInference extends Construct {
  /** The function in Terraform. */
  public readonly resource: Fcv3Function;
  /** The HTTP trigger in Terraform. */
  public readonly trigger: Fcv3Trigger;
  /** Name of the function. */
  public readonly name: string;
  /** GPU of each instance. */
  public readonly gpu: FunctionGpu;
  /** Minimum and maximum number of instances. */
  public readonly limits: ReplicaLimits;
  /** Concurrent requests for each instance. */
  public readonly concurrency: number;
  /** Name of the RAM role of the function. */
  public readonly roleName: string;
  /** Logstore of the server. */
  public readonly log: FunctionLog;
  /** Replicas, memory, latency and cost for the load. @default - no load */
  public readonly plan?: ServingPlan;
  private readonly publicAccess: boolean;

  constructor(scope: Construct, id: string, props: FunctionInferenceProps) {
    super(scope, id);
    checkProviders(this);
    const resolved = validated(this, props, FUNCTION_INFERENCE_PROPS, (problems) => resolveFunction(problems, props));
    const { network, load, prices } = props;
    if (network) requireRegionOfProvider(this, 'network', network.vswitches[0]!.zone);
    this.gpu = props.gpu;
    this.limits = resolved.limits;
    this.concurrency = resolved.concurrency;
    this.plan = resolved.planned?.plan;
    this.publicAccess = props.publicAccess ?? false;
    this.name = props.name ?? physicalName(this, MAX_NAME_LENGTH);
    const role = servingRole(this, SERVICE, props.roleName);
    this.roleName = role.name;
    this.log = props.log ?? functionLog(this);
    this.resource = new Fcv3Function(this, 'Resource', this.configuration(props, resolved, role));
    this.trigger = this.receive(props.traffic);
    props.invokers?.forEach((invoker, index) => this.grantInvoke(`Invoker-${index}`, invoker));
    recordFunctionFindings(this, props, resolved);
    if (this.plan)
      recordWorkload(this, {
        plan: this.plan,
        workload: load,
        prices,
        offers: () => functionOffers(resolved.size, prices),
      });
  }

  /** What Cloud Monitor has about the function: metrics. */
  get monitoring(): EndpointMonitoring {
    return { functionName: this.resource.functionName };
  }

  /** URL of the function: on the network of Alibaba Cloud, or on the internet with `publicAccess`. Callers sign requests with their RAM credentials. */
  get url(): string {
    const { urlInternet, urlIntranet } = this.trigger.httpTrigger.get(0);
    return this.publicAccess ? urlInternet : urlIntranet;
  }

  /** Lets a RAM role send requests. @param id id of the grant, unique in the function */
  grantInvoke(id: string, roleName: string): RamRolePolicyAttachment {
    const problems = new ProblemCollector();
    if (validateProps(problems, { id, roleName }, { id: required(STRING), roleName: required(STRING) }))
      checkRoleName(problems, 'roleName', roleName);
    problems.throwIfAny(this);
    const { accountId, region } = CurrentAccount.of(this);
    const arn = `acs:fc:${region}:${accountId}:functions/${this.resource.functionName}`;
    return grantToRole(this, id, roleName, [
      { Effect: 'Allow', Action: ['fc:InvokeFunction'], Resource: [arn, `${arn}/*`] },
    ]);
  }

  private configuration(
    props: FunctionInferenceProps,
    { size, server, concurrency, requestTime }: ResolvedFunction,
    role: ServingRole,
  ): Fcv3FunctionConfig {
    const { model, network } = props;
    const { command, args } = commandOf(server, this.name, model.path, { tensorParallel: 1, pipelineParallel: 1 });
    return {
      functionName: this.name,
      description: 'Model server',
      // The platform requires a handler, and custom containers ignore it.
      handler: 'index.handler',
      runtime: 'custom-container',
      cpu: size.vcpus,
      memorySize: size.memoryGiB * 1024,
      diskSize: DISK_MB,
      gpuConfig: { gpuType: size.gpu, gpuMemorySize: gpuRow(size.gpu).memoryMB },
      instanceConcurrency: concurrency,
      timeout: requestTime.seconds,
      internetAccess: false,
      role: role.arn,
      environmentVariables:
        server.env.length > 0
          ? Object.fromEntries(server.env.map(({ name, value }) => [name, plainText(value)]))
          : undefined,
      customContainerConfig: {
        image: server.image,
        port: server.port,
        entrypoint: command.map(plainText),
        command: args.map(plainText),
        healthCheckConfig: { httpGetUrl: server.readyPath, ...probe(model.sizeGiB) },
      },
      ossMountConfig: model.bucket && {
        mountPoints: [
          {
            bucketName: model.bucket.name,
            bucketPath: `/${model.prefix}`,
            endpoint: `http://oss-${network?.region ?? CurrentAccount.of(this).region}-internal.aliyuncs.com`,
            mountDir: MODEL_MOUNT,
            readOnly: true,
          },
        ],
      },
      vpcConfig: network && {
        vpcId: network.vpcId,
        vswitchIds: network.vswitches.map(({ vswitchId }) => vswitchId),
        securityGroupId: network.securityGroupId,
      },
      logConfig: { ...this.log, enableInstanceMetrics: true, enableRequestMetrics: true, logBeginRule: 'None' },
      dependsOn: this.grants(props, role),
      timeouts: { create: '30m', update: '30m' },
    };
  }

  private grants({ model, network }: FunctionInferenceProps, { name: roleName }: ServingRole): ITerraformDependable[] {
    const { accountId } = CurrentAccount.of(this);
    const { project, logstore } = this.log;
    const log = grantToRole(this, 'Log', roleName, [
      {
        Effect: 'Allow',
        Action: ['log:PostLogStoreLogs', 'log:CreateLogStore', 'log:GetLogStore'],
        Resource: [`acs:log:*:${accountId}:project/${project}/logstore/${logstore}`],
      },
    ]);
    const grants: ITerraformDependable[] = [log];
    if (network)
      grants.push(
        grantToRole(this, 'NetworkAccess', roleName, [
          { Effect: 'Allow', Action: NETWORK_INTERFACES, Resource: ['*'] },
        ]),
      );
    if (model.bucket) grants.push(grantBucket(this, 'Model', { bucket: model.bucket, roleName, write: false }));
    return grants;
  }

  /** Instances and requests of the function: of its published versions, or of its latest configuration. */
  private receive(traffic: FunctionTraffic | undefined): Fcv3Trigger {
    const { functionName } = this.resource;
    const { minReplicas, maxReplicas } = this.limits;
    const alias = traffic && new Fcv3Alias(this, 'Alias', { functionName, aliasName: ALIAS, ...versionsOf(traffic) });
    const qualifier = alias?.aliasName ?? 'LATEST';
    // The limit includes the instances of the minimum.
    new Fcv3ConcurrencyConfig(this, 'Maximum', { functionName, reservedConcurrency: maxReplicas });
    if (minReplicas > 0)
      new Fcv3ProvisionConfig(this, 'Minimum', {
        functionName,
        qualifier,
        target: minReplicas,
        // An idle instance keeps the model in the frozen GPU, at a lower price.
        alwaysAllocateCpu: false,
        alwaysAllocateGpu: false,
        timeouts: { create: '60m', update: '60m' },
      });
    return new Fcv3Trigger(this, 'Http', {
      functionName,
      qualifier,
      triggerName: 'http',
      triggerType: 'http',
      triggerConfig: jsonText({
        authType: 'function',
        disableURLInternet: !this.publicAccess,
        methods: ['GET', 'POST'],
      }),
    });
  }
}

/** Actions of the system policy AliyunECSNetworkInterfaceManagementAccess, and of the network of a function. */
const NETWORK_INTERFACES = [
  'ecs:CreateNetworkInterface',
  'ecs:DeleteNetworkInterface',
  'ecs:DescribeNetworkInterfaces',
  'ecs:CreateNetworkInterfacePermission',
  'ecs:DescribeNetworkInterfacePermissions',
  'ecs:DeleteNetworkInterfacePermission',
  'vpc:DescribeVSwitchAttributes',
];

const DEFAULT_NEXT_PERCENT = 10;

function versionsOf({ version: versionId, nextVersion, nextPercent = DEFAULT_NEXT_PERCENT }: FunctionTraffic) {
  return {
    versionId,
    additionalVersionWeight: nextVersion === undefined ? undefined : { [nextVersion]: nextPercent / 100 },
  };
}

/** Maximum attempts of a health check. Source: terraform-provider-alicloud, resource_alicloud_fcv3_function.go. */
const MAX_FAILURES = 120;

/** Attempts of the health check that allow the start of the server. A period is at most 120 seconds, a timeout at most 3. */
function probe(sizeGiB: number) {
  const seconds = startupSeconds(sizeGiB);
  const periodSeconds = Math.min(120, Math.max(5, Math.ceil(seconds / MAX_FAILURES)));
  const failureThreshold = Math.min(MAX_FAILURES, Math.ceil(seconds / periodSeconds));
  return { initialDelaySeconds: 10, periodSeconds, timeoutSeconds: 3, failureThreshold, successThreshold: 1 };
}

const INSTANCES =
  'https://www.alibabacloud.com/help/en/functioncompute/fc/product-overview/instance-types-and-usage-modes';
const TRIGGERS = 'https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/http-triggers-overview';
const IMAGES = 'https://www.alibabacloud.com/help/en/acr/user-guide/pull-an-image';

/** Records the findings of a model on Function Compute. */
export function recordFunctionFindings(
  service: FunctionInference,
  { model, load, publicAccess }: FunctionInferenceProps,
  { server, requestTime }: ResolvedFunction,
): void {
  const { minReplicas, maxReplicas } = service.limits;
  if (publicAccess)
    record(service, {
      id: 'network/public-endpoint',
      level: 'warning',
      message: 'The function accepts requests from the internet, if RAM allows the caller.',
      fix: 'Leave publicAccess out, and call the function from a VPC in the region.',
      evidence: TRIGGERS,
    });
  if (minReplicas === 0)
    record(service, {
      id: 'serving/cold-start',
      level: 'info',
      message: `After an idle period the first request waits until an instance is ready, for up to ${startupSeconds(model.sizeGiB)} s.`,
      fix: 'Set scaling.minReplicas to 1 if no request may wait.',
      evidence: INSTANCES,
    });
  if (maxReplicas === 1)
    record(service, {
      id: 'serving/one-replica',
      level: 'info',
      message: 'At most one instance answers all requests.',
      fix: 'Set scaling.maxReplicas to 2 or more for availability, within your GPU quota.',
      evidence: INSTANCES,
    });
  for (const finding of imageFindings(server.image, IMAGES)) record(service, finding);
  const { plan } = service;
  if (!plan) return;
  for (const finding of planFindings(plan)) record(service, finding);
  recordRequestTime(service, plan, requestTime);
  for (const finding of sizeFindings({ sizeGiB: model.sizeGiB, load, plan })) record(service, finding);
}
