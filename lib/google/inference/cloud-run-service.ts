import { STARTUP } from '../../kubernetes/serving/startup';
import { commandOf } from '../../kubernetes/serving/commands';
import type { CloudRunV2ServiceConfig } from '../provider/google';
import type { ResolvedService } from './cloud-run-checks';
import { MODEL_MOUNT } from './cloud-run-model';
import type { CloudRunInferenceProps } from './cloud-run-props';
import { startSeconds } from './cloud-run-start';

type Template = CloudRunV2ServiceConfig['template'];

/** Input for a revision of a service. */
export interface ServiceContext {
  readonly props: CloudRunInferenceProps;
  readonly resolved: ResolvedService;
  /** Name of the service. It is also the default model name in requests. */
  readonly name: string;
  readonly serviceAccount: string;
  readonly encryptionKey: string;
}

const VOLUME = 'model';

/** Returns the template of a revision. */
export function serviceTemplate({ props, resolved, name, serviceAccount, encryptionKey }: ServiceContext): Template {
  const { model, network } = props;
  const { size, limits, concurrency, requestTime } = resolved;
  return {
    serviceAccount,
    encryptionKey,
    // GPUs and bucket mounts need the second generation.
    executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
    timeout: `${requestTime.seconds}s`,
    maxInstanceRequestConcurrency: concurrency,
    scaling: { minInstanceCount: limits.minReplicas, maxInstanceCount: limits.maxReplicas },
    nodeSelector: { accelerator: size.gpu },
    gpuZonalRedundancyDisabled: !size.zonalRedundancy,
    containers: [containerOf(props, resolved, name)],
    volumes: model.bucket && [{ name: VOLUME, gcs: { bucket: model.bucket.name, readOnly: true } }],
    vpcAccess: network && {
      egress: 'ALL_TRAFFIC',
      networkInterfaces: [{ network: network.networkId, subnetwork: network.subnetworkId }],
    },
  };
}

function containerOf(props: CloudRunInferenceProps, { server, size }: ResolvedService, name: string) {
  const { model } = props;
  const { command, args } = commandOf(server, name, model.path, { tensorParallel: 1, pipelineParallel: 1 });
  return {
    name: 'server',
    image: server.image,
    command: [...command],
    args: [...args],
    env: server.env.map(({ name: variable, value }) => ({ name: variable, value })),
    ports: { containerPort: server.port },
    resources: {
      limits: { cpu: String(size.vcpus), memory: `${size.memoryGiB}Gi`, 'nvidia.com/gpu': '1' },
      // Billing with a GPU is for the whole lifetime of an instance, so its CPU stays allocated.
      cpuIdle: false,
      startupCpuBoost: true,
    },
    startupProbe: {
      httpGet: { path: server.readyPath, port: server.port },
      periodSeconds: STARTUP.periodSeconds,
      timeoutSeconds: 5,
      failureThreshold: startSeconds(props) / STARTUP.periodSeconds,
    },
    // A long prompt can delay the answer: restart only after a minute without one.
    livenessProbe: {
      httpGet: { path: server.livePath, port: server.port },
      periodSeconds: 15,
      timeoutSeconds: 10,
      failureThreshold: 4,
    },
    volumeMounts: model.bucket && [{ name: VOLUME, mountPath: MODEL_MOUNT }],
  };
}
