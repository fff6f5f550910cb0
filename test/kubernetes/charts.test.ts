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

describe('controllers', () => {
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

  test('are refused without labels of the system nodes, and with labels that accelerator nodes carry, too', () => {
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

describe('agents on nodes', () => {
  test.each(['nvidia-device-plugin', 'dcgm-exporter'])('%s runs on the pools, past their taints', (chart) => {
    expect(RELEASES[chart]!.values).toMatchObject({
      affinity: onPools('h100', 'gb200'),
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }],
    });
  });

  test('the EFA plugin knows the pools in place of a list of instance types', () => {
    const pool = h100({ name: 'b300', machine: 'p6-b300.48xlarge' });
    expect(efaDevicePluginChart({ pools: [pool] }).values).toMatchObject({
      supportedInstanceLabels: { keys: [POOL_LABEL], values: ['b300'] },
    });
  });

  test('the Neuron plugin runs alone, without the driver that excludes it', () => {
    expect(RELEASES['neuron-helm-chart']!.values).toMatchObject({
      devicePlugin: { enabled: true, affinity: onPools('trn1'), tolerations: [{ key: 'aws.amazon.com/neuron' }] },
      draDriver: { enabled: false },
    });
  });

  test('GPU feature discovery comes with a scale-up domain of several nodes, and only then', () => {
    expect(RELEASES['nvidia-device-plugin']!.values).toMatchObject({ gfd: { enabled: true } });
    expect(nvidiaDevicePluginChart({ system: SYSTEM, pools: [h100()] }).values).not.toHaveProperty('gfd');
  });

  test('the DRA driver leaves GPUs to the device plugin', () => {
    expect(RELEASES['dra-driver-nvidia-gpu']!.values).toMatchObject({
      resources: { gpus: { enabled: false }, computeDomains: { enabled: true } },
      kubeletPlugin: { affinity: onPools('h100', 'gb200') },
    });
  });

  test('the GPU operator finds nodes by itself, unless the network operator does so beside it', () => {
    expect(RELEASES['gpu-operator']!.values).toMatchObject({
      nfd: { enabled: true },
      driver: { rdma: { enabled: false }, manager: { env: [{ value: DRA_AGENT_LABEL }] } },
    });
    const beside = gpuOperatorChart({ system: SYSTEM, pools: [h100()], besideNetworkOperator: true }).values;
    expect(beside).toMatchObject({ nfd: { enabled: false }, driver: { rdma: { enabled: true } } });
    expect(beside).not.toHaveProperty('node-feature-discovery');
    expect(beside).not.toHaveProperty('driver.manager');
  });

  test('both operators work on nodes with the taints of the pools', () => {
    const tolerations = [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }];
    expect(RELEASES['gpu-operator']!.values).toMatchObject({ daemonsets: { tolerations } });
    expect(at(RELEASES['network-operator']!.values, 'node-feature-discovery.worker.tolerations')).toEqual(tolerations);
  });

  test('the file system’s agent passes every taint', () => {
    expect(RELEASES['aws-fsx-csi-driver']!.values).toMatchObject({ node: { tolerateAllTaints: true } });
  });

  test('metrics need no Prometheus operator unless it is said to be there', () => {
    expect(RELEASES['dcgm-exporter']!.values).toMatchObject({ serviceMonitor: { enabled: false } });
    expect(dcgmExporterChart({ pools, serviceMonitor: true }).values).toMatchObject({
      serviceMonitor: { enabled: true },
    });
  });

  test('are refused without a pool', () => {
    expect(refusalOf(() => efaDevicePluginChart({ pools: [] }))).toEqual(['GroupsMissing pools']);
  });
});

describe('Kueue', () => {
  const configurationOf = (release: ChartRelease) =>
    at(release, 'values.managerConfig.controllerManagerConfigYaml') as string;

  test('starts jobs whole, of every kind that trains', () => {
    const text = configurationOf(RELEASES.kueue!);
    expect(kueueConfigurationFaults(text)).toEqual([]);
    expect(parse(text)).toMatchObject({
      integrations: { frameworks: [...KUEUE_FRAMEWORKS] },
      waitForPodsReady: { blockAdmission: true },
    });
    expect(KUEUE_FRAMEWORKS).toEqual(
      expect.arrayContaining(['batch/job', 'jobset.x-k8s.io/jobset', 'trainer.kubeflow.org/trainjob']),
    );
  });

  test('counts channels of compute domains where there are any', () => {
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

describe('addresses', () => {
  test('a chart of a registry has one, with its name at the end; another has none', () => {
    expect(ociAddress(CHARTS.kueue)).toBe('oci://registry.k8s.io/kueue/charts/kueue');
    expect(ociAddress(CHARTS['dcgm-exporter'])).toBeUndefined();
  });

  test('the Trainer brings no second JobSet', () => {
    expect(RELEASES['kubeflow-trainer']!.values).toMatchObject({ jobset: { install: false } });
  });
});
