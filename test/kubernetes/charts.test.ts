import { parse } from 'yaml';
import {
  autoscalerChart,
  CHARTS,
  type ChartRelease,
  dcgmExporterChart,
  DRA_AGENT_LABEL,
  draDriverChart,
  efaDevicePluginChart,
  fsxCsiDriverChart,
  gpuOperatorChart,
  jobSetChart,
  karpenterChart,
  kedaChart,
  kueueChart,
  KUEUE_FRAMEWORKS,
  leaderWorkerSetChart,
  loadBalancerControllerChart,
  networkOperatorChart,
  neuronChart,
  nvidiaDevicePluginChart,
  ociAddress,
  POOL_LABEL,
  prometheusChart,
  trainerChart,
} from '../../lib/kubernetes';
import { at } from './at';
import { gb200, h100, SYSTEM, trainium } from './pools';
import { refusalOf } from './problems';
import { kueueConfigurationFaults, schemaTest, valueFaults } from './schemas';

const pools = [h100(), gb200()];
const tainted = { labels: SYSTEM.labels, tolerations: [{ key: 'system', operator: 'Exists' as const }] };
const RELEASES: Record<string, ChartRelease> = {
  kueue: kueueChart({ system: tainted, pools }),
  jobset: jobSetChart({ system: tainted, pools }),
  'kubeflow-trainer': trainerChart({ system: tainted, pools }),
  'cluster-autoscaler': autoscalerChart({
    system: tainted,
    cloudProvider: 'aws',
    clusterName: 'c',
    imageTag: 'v1.36.1',
    cloudValues: { awsRegion: 'us-east-1' },
  }),
  'nvidia-device-plugin': nvidiaDevicePluginChart({ system: tainted, pools }),
  'aws-efa-k8s-device-plugin': efaDevicePluginChart({ pools, imageRepository: 'r' }),
  'neuron-helm-chart': neuronChart({ pools: [trainium()] }),
  'dcgm-exporter': dcgmExporterChart({ pools }),
  'dra-driver-nvidia-gpu': draDriverChart({ system: tainted, pools, nodeSelector: { [DRA_AGENT_LABEL]: 'true' } }),
  'gpu-operator': gpuOperatorChart({ system: tainted, pools }),
  'network-operator': networkOperatorChart({ system: tainted, pools }),
  'aws-fsx-csi-driver': fsxCsiDriverChart({ system: tainted, pools }),
  lws: leaderWorkerSetChart({ system: tainted, pools }),
  keda: kedaChart({ system: tainted, pools }),
  'kube-prometheus-stack': prometheusChart({ system: tainted, pools }),
  karpenter: karpenterChart({ system: tainted, pools, clusterName: 'c', interruptionQueue: 'q' }),
  'aws-load-balancer-controller': loadBalancerControllerChart({
    system: tainted,
    pools,
    clusterName: 'c',
    region: 'us-east-1',
    vpcId: 'vpc-0a',
  }),
};
const onPools = (...names: string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: POOL_LABEL, operator: 'In', values: names }] }],
    },
  },
});

describe.each(Object.keys(CHARTS))('chart %s', (chart) => {
  schemaTest('has its values, version and repository from the published chart', () => {
    expect(valueFaults(RELEASES[chart]!)).toEqual([]);
  });
});

describe('charts with controllers', () => {
  const onSystem = { nodeSelector: SYSTEM.labels, tolerations: tainted.tolerations };

  test.each([
    ['kueue', ['controllerManager']],
    ['jobset', ['controller']],
    ['kubeflow-trainer', ['manager']],
    ['kubeflow-trainer', ['runtimes', 'installer']],
    ['cluster-autoscaler', []],
    ['dra-driver-nvidia-gpu', ['controller']],
    ['gpu-operator', ['operator']],
    ['gpu-operator', ['node-feature-discovery', 'master']],
    ['gpu-operator', ['node-feature-discovery', 'gc']],
    ['network-operator', ['operator']],
    ['network-operator', ['node-feature-discovery', 'master']],
    ['network-operator', ['node-feature-discovery', 'gc']],
    ['aws-fsx-csi-driver', ['controller']],
    ['nvidia-device-plugin', ['nfd', 'master']],
    ['nvidia-device-plugin', ['nfd', 'gc']],
    ['lws', []],
    ['keda', ['operator']],
    ['keda', ['metricsServer']],
    ['keda', ['webhooks']],
    ['kube-prometheus-stack', ['prometheusOperator']],
    ['kube-prometheus-stack', ['prometheus', 'prometheusSpec']],
    ['karpenter', []],
    ['aws-load-balancer-controller', []],
  ])('of %s sit on the system nodes (%j)', (chart, path) => {
    const values = path.reduce<unknown>(at, RELEASES[chart]!.values);
    expect(values).toMatchObject(onSystem);
  });

  test('reject missing labels of the system nodes, and labels that accelerator nodes also have', () => {
    expect(refusalOf(() => jobSetChart({ system: { labels: {} } }))).toEqual(['ClusterOption system.labels']);
    const shared = h100({ nodeLabels: SYSTEM.labels });
    for (const chart of [
      kueueChart,
      trainerChart,
      nvidiaDevicePluginChart,
      draDriverChart,
      fsxCsiDriverChart,
      gpuOperatorChart,
      networkOperatorChart,
    ]) {
      expect(refusalOf(() => chart({ system: SYSTEM, pools: [shared] }))).toEqual(['ClusterOption system.labels']);
    }
  });
});

describe('charts with node agents', () => {
  test.each(['nvidia-device-plugin', 'dcgm-exporter'])('%s runs on the pools and tolerates their taints', (chart) => {
    expect(RELEASES[chart]!.values).toMatchObject({
      affinity: onPools('h100', 'gb200'),
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }],
    });
  });

  test('the EFA plugin selects the pools instead of instance types', () => {
    const pool = h100({ name: 'b300', machine: 'p6-b300.48xlarge' });
    expect(efaDevicePluginChart({ pools: [pool] }).values).toMatchObject({
      supportedInstanceLabels: { keys: [POOL_LABEL], values: ['b300'] },
    });
  });

  test('the Neuron plugin runs without the DRA driver, which conflicts with it', () => {
    expect(RELEASES['neuron-helm-chart']!.values).toMatchObject({
      devicePlugin: { enabled: true, affinity: onPools('trn1'), tolerations: [{ key: 'aws.amazon.com/neuron' }] },
      draDriver: { enabled: false },
    });
  });

  test('GPU feature discovery only runs if the NVLink domain spans nodes', () => {
    expect(RELEASES['nvidia-device-plugin']!.values).toMatchObject({ gfd: { enabled: true } });
    expect(nvidiaDevicePluginChart({ system: SYSTEM, pools: [h100()] }).values).not.toHaveProperty('gfd');
  });

  test('the DRA driver does not manage GPUs', () => {
    expect(RELEASES['dra-driver-nvidia-gpu']!.values).toMatchObject({
      resources: { gpus: { enabled: false }, computeDomains: { enabled: true } },
      kubeletPlugin: { affinity: onPools('h100', 'gb200') },
    });
  });

  test('the GPU operator installs node feature discovery, unless the network operator installs it', () => {
    expect(RELEASES['gpu-operator']!.values).toMatchObject({
      nfd: { enabled: true },
      driver: { rdma: { enabled: false }, manager: { env: [{ value: DRA_AGENT_LABEL }] } },
    });
    const combined = gpuOperatorChart({ system: SYSTEM, pools: [h100()], withNetworkOperator: true }).values;
    expect(combined).toMatchObject({ nfd: { enabled: false }, driver: { rdma: { enabled: true } } });
    expect(combined).not.toHaveProperty('node-feature-discovery');
    expect(combined).not.toHaveProperty('driver.manager');
  });

  test('both operators tolerate the taints of the pools', () => {
    const tolerations = [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }];
    expect(RELEASES['gpu-operator']!.values).toMatchObject({ daemonsets: { tolerations } });
    expect(at(RELEASES['network-operator']!.values, 'node-feature-discovery.worker.tolerations')).toEqual(tolerations);
  });

  test('the file system agent tolerates all taints', () => {
    expect(RELEASES['aws-fsx-csi-driver']!.values).toMatchObject({ node: { tolerateAllTaints: true } });
  });

  test('the DCGM exporter only creates a service monitor if it is enabled', () => {
    expect(RELEASES['dcgm-exporter']!.values).toMatchObject({ serviceMonitor: { enabled: false } });
    expect(dcgmExporterChart({ pools, serviceMonitor: true }).values).toMatchObject({
      serviceMonitor: { enabled: true },
    });
  });

  test('reject an empty list of pools', () => {
    expect(refusalOf(() => efaDevicePluginChart({ pools: [] }))).toEqual(['GroupsMissing pools']);
  });
});

describe('Kueue chart', () => {
  const configurationOf = (release: ChartRelease) =>
    at(release, 'values.managerConfig.controllerManagerConfigYaml') as string;

  test('admits every kind of training job as a whole', () => {
    const text = configurationOf(RELEASES.kueue!);
    expect(kueueConfigurationFaults(text)).toEqual([]);
    expect(parse(text)).toMatchObject({
      integrations: { frameworks: [...KUEUE_FRAMEWORKS] },
    });
    expect(KUEUE_FRAMEWORKS).toEqual(
      expect.arrayContaining(['batch/job', 'jobset.x-k8s.io/jobset', 'trainer.kubeflow.org/trainjob']),
    );
  });

  test('does not let a job that waits for elastic nodes block the jobs of other pools', () => {
    expect(parse(configurationOf(RELEASES.kueue!))).toMatchObject({
      waitForPodsReady: { blockAdmission: false, timeout: '30m', requeuingStrategy: { timestamp: 'Eviction' } },
    });
  });

  test('leaves out kinds whose webhooks could block pods of the system', () => {
    for (const kind of ['pod', 'deployment', 'statefulset']) expect(KUEUE_FRAMEWORKS).not.toContain(kind);
  });

  test('counts channels of compute domains if there are any', () => {
    const resources = (release: ChartRelease) => (parse(configurationOf(release)) as { resources: object }).resources;
    expect(resources(RELEASES.kueue!)).toMatchObject({
      deviceClassMappings: [
        {
          name: 'ai-infra/compute-domain-channel',
          deviceClassNames: ['compute-domain-default-channel.nvidia.com'],
        },
      ],
    });
    expect(resources(kueueChart({ system: SYSTEM, pools: [h100()] }))).not.toHaveProperty('deviceClassMappings');
  });
});

describe('chart addresses', () => {
  test('a chart in an OCI registry has an address that ends with its name, other charts have none', () => {
    expect(ociAddress(CHARTS.kueue)).toBe('oci://registry.k8s.io/kueue/charts/kueue');
    expect(ociAddress(CHARTS['dcgm-exporter'])).toBeUndefined();
  });

  test('the Trainer chart does not install a second JobSet', () => {
    expect(RELEASES['kubeflow-trainer']!.values).toMatchObject({ jobset: { install: false } });
  });
});
