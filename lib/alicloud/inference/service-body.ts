import { commandOf } from '../../kubernetes/serving/serving-server';
import { STARTUP, startupSeconds } from '../../kubernetes/serving/load-plan';
import { textParts } from '../../terraform/names';
import type { InferenceEndpointProps } from './endpoint-options';
import { MODEL_MOUNT } from './endpoint-model';
import type { ResolvedModel } from './resolved-endpoint';

/** Names and the identity of a service. */
export interface ServiceContext {
  readonly props: InferenceEndpointProps;
  /** Name of the service. */
  readonly serviceName: string;
  /** Name of the model in requests. */
  readonly servedName: string;
  /** Group of the service. @default - the endpoint has one model */
  readonly group?: string;
  /** ARN of the role of the containers. */
  readonly roleArn: string;
}

/** Disk of a public machine without cost, in GiB. */
export const FREE_DISK_GIB = 30;
/** Shared memory for the accelerators of a machine that exchange data, in GiB. The reference of EAS uses 64. */
const SHARED_MEMORY_GIB = 64;

/**
 * Returns the JSON configuration of an EAS service.
 *
 * An update merges the new configuration into the old one: a key that is left out keeps its old value. So each key has an explicit value, except those
 * whose presence replaces the service. EAS returns the configuration with the primary names of keys, for example `rpc.keepalive` and not
 * `metadata.rpc.keepalive`. Other names would show a change in each plan.
 *
 * @see https://www.alibabacloud.com/help/en/pai/parameters-of-model-services
 */
export function serviceBody(resolved: ResolvedModel, context: ServiceContext): object {
  const { props, serviceName, group, roleArn } = context;
  const { model, limits, timeoutSeconds, trafficPercent } = resolved;
  const { network, publicAccess = false, gatewayId, workspaceId, requestLog } = props;
  const { bucket, prefix } = model.model;
  return {
    metadata: {
      name: serviceName,
      instance: limits.minReplicas,
      workspace_id: workspaceId,
      group,
      disk: `${diskGiB(props, resolved)}Gi`,
      shm_size: SHARED_MEMORY_GIB,
      enable_webservice: false,
      rolling_strategy: { max_surge: 1, max_unavailable: 0 },
    },
    // Without SIGTERM, a server finishes its requests in the grace period. vLLM would abort them.
    rpc: { keepalive: timeoutSeconds * 1000, enable_sigterm: false },
    runtime: { termination_grace_period: timeoutSeconds, enable_crash_block: false },
    scheduling: { spread: { policy: network.vswitches.length > 1 ? 'zone' : 'host' } },
    networking: {
      disable_internet_endpoint: !publicAccess,
      gateway: gatewayId,
      traffic_state: group === undefined ? undefined : trafficPercent > 0 ? 'grouping' : 'standalone',
    },
    cloud: {
      computing: computing(props, resolved),
      networking: {
        vpc_id: network.vpcId,
        vswitch_id: network.vswitches.map(({ vswitchId }) => vswitchId).join(','),
        security_group_id: network.securityGroupId,
      },
    },
    credential: { role_arn: roleArn },
    containers: [container(resolved, context)],
    storage: bucket && [{ mount_path: MODEL_MOUNT, oss: { path: `oss://${bucket.name}/${prefix}/`, readOnly: true } }],
    autoscaler: autoscaler(resolved),
    sinker: requestLog && {
      type: 'sls',
      config: { sls: { project: requestLog.project, logstore: requestLog.logstore } },
    },
  };
}

function diskGiB({ diskGiB: stated }: InferenceEndpointProps, { model: { model } }: ResolvedModel): number {
  return stated ?? FREE_DISK_GIB + (model.bucket ? 0 : Math.ceil(model.sizeGiB * 1.1));
}

/** Types in the order of use: spot machines first, then regular machines. */
function computing({ spot, fallbackMachines = [] }: InferenceEndpointProps, { machine }: ResolvedModel) {
  const types = [machine, ...fallbackMachines].map(({ name }) => ({ type: name }));
  const onSpot = spot ? types.map((each) => ({ ...each, spot_price_limit: spot.maxPricePerHour })) : [];
  return {
    instances: [...onSpot, ...(spot?.fallback === false ? [] : types)],
    disable_spot_protection_period: spot?.withoutProtectionPeriod ?? false,
  };
}

/**
 * Minimum, maximum, and target, in the words of the API. EAS ignores unknown names.
 *
 * @see https://www.alibabacloud.com/help/en/pai/developer-reference/api-eas-2021-07-01-createserviceautoscaler
 */
function autoscaler({ limits: { minReplicas, maxReplicas }, target, scaleInSeconds }: ResolvedModel) {
  if (maxReplicas <= minReplicas) return undefined;
  return {
    min: minReplicas,
    max: maxReplicas,
    scaleStrategies: [{ metricName: 'qps', threshold: target }],
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: { stabilizationWindowSeconds: scaleInSeconds },
    },
  };
}

function container({ model, server, machine }: ResolvedModel, { servedName }: ServiceContext) {
  const layout = { tensorParallel: machine.spec.accelerators, pipelineParallel: 1 };
  const { command, args } = commandOf(server, servedName, model.model.path, layout);
  const probe = (path: string) => ({ http_get: { path, port: server.port } });
  return {
    image: server.image,
    port: server.port,
    script: `exec ${[...command, ...args].map(shellWord).join(' ')}`,
    env: server.env.map(({ name, value }) => ({ name, value })),
    startup_check: {
      ...probe(server.readyPath),
      period_seconds: STARTUP.periodSeconds,
      timeout_seconds: 5,
      failure_threshold: startupSeconds(model.model.sizeGiB) / STARTUP.periodSeconds,
    },
    health_check: { ...probe(server.readyPath), period_seconds: 10, timeout_seconds: 5, failure_threshold: 3 },
    // A long prompt can delay the answer: restart only after a minute without one.
    liveness_check: { ...probe(server.livePath), period_seconds: 15, timeout_seconds: 10, failure_threshold: 4 },
  };
}

/** Quotes a word for the shell, unless it is plain. Tokens stay as they are. */
function shellWord(word: string): string {
  if (/^[\w./:=,@%+-]+$/.test(word)) return word;
  return textParts(word)
    .map(({ text, isToken }) => (isToken ? `'${text}'` : `'${text.replaceAll("'", `'\\''`)}'`))
    .join('');
}
