import { STARTUP } from '../../kubernetes/serving/startup';
import { commandOf } from '../../kubernetes/serving/commands';
import type { CloudRunV2ServiceConfig } from '../provider/google';
import type { SettledService } from './cloud-run-checks';
import { MODEL_MOUNT } from './cloud-run-model';
import type { CloudRunInferenceProps } from './cloud-run-props';
import { startSeconds } from './cloud-run-start';

type Template = CloudRunV2ServiceConfig['template'];

/** What a revision of a service is made from. */
export interface ServiceContext {
  readonly props: CloudRunInferenceProps;
  readonly settled: SettledService;
  /** Name of the service, and by default that of the model in requests. */
  readonly name: string;
  readonly serviceAccount: string;
  readonly encryptionKey: string;
}

const VOLUME = 'model';

/** A revision of the service. */
export function serviceTemplate({ props, settled, name, serviceAccount, encryptionKey }: ServiceContext): Template {
  const { model, network } = props;
  const { size, limits, concurrency, requestTime } = settled;
  return {
    serviceAccount,
    encryptionKey,
    // GPUs and mounted buckets are of the second generation alone.
    executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
    timeout: `${requestTime.seconds}s`,
    maxInstanceRequestConcurrency: concurrency,
    scaling: { minInstanceCount: limits.minimum, maxInstanceCount: limits.maximum },
    nodeSelector: { accelerator: size.gpu },
    gpuZonalRedundancyDisabled: !size.zonalRedundancy,
    containers: [containerOf(props, settled, name)],
    volumes: model.bucket && [{ name: VOLUME, gcs: { bucket: model.bucket.name, readOnly: true } }],
    vpcAccess: network && {
      egress: 'ALL_TRAFFIC',
      networkInterfaces: [{ network: network.networkId, subnetwork: network.subnetworkId }],
    },
  };
}

function containerOf(props: CloudRunInferenceProps, { server, size }: SettledService, name: string) {
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
      // GPUs are paid for as long as an instance lives, and so are its cores.
      cpuIdle: false,
      startupCpuBoost: true,
    },
    startupProbe: {
      httpGet: { path: server.readyPath, port: server.port },
      periodSeconds: STARTUP.periodSeconds,
      timeoutSeconds: 5,
      failureThreshold: startSeconds(props) / STARTUP.periodSeconds,
    },
    // A long prompt may hold the answer up: only what stays silent for a minute is started anew.
    livenessProbe: {
      httpGet: { path: server.livePath, port: server.port },
      periodSeconds: 15,
      timeoutSeconds: 10,
      failureThreshold: 4,
    },
    volumeMounts: model.bucket && [{ name: VOLUME, mountPath: MODEL_MOUNT }],
  };
}
