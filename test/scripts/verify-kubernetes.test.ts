import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AKS_NODES, EKS_NODES, GKE_NODES } from '../../scripts/kubernetes/nodes/allocatable';
import { aksNodeGroups } from '../../scripts/kubernetes/nodes/aks-nodes';
import { eksNodeGroups } from '../../scripts/kubernetes/nodes/eks-nodes';
import { gkeNodeGroups } from '../../scripts/kubernetes/nodes/gke-nodes';
import { agentsOf, nodeOf } from '../../scripts/kubernetes/nodes/node-group';
import { reportOf } from '../../scripts/kubernetes/report';
import { readSoftware } from '../../scripts/kubernetes/software';

describe('allocatable resources', () => {
  test('are those of the example node of GKE with 4 vCPUs and 16 GB', () => {
    const { milliCpu, memoryMiB } = GKE_NODES.allocatable({ vcpus: 4, memoryGiB: 16 });
    expect(milliCpu).toBe(3920);
    expect(memoryMiB).toBeCloseTo(13_498_416 / 1024, -2);
  });

  test('leave out a quarter of the memory of a small AKS node, and the table of its CPU', () => {
    const { milliCpu, memoryMiB } = AKS_NODES.allocatable({ vcpus: 4, memoryGiB: 16 });
    expect(milliCpu).toBe(3860);
    expect(memoryMiB).toBe(Math.floor(16_384 * 0.976 - 4096 - 100));
  });

  test('leave out 11 MiB per pod of an EKS node', () => {
    const { memoryMiB } = EKS_NODES.allocatable({ vcpus: 4, memoryGiB: 16 });
    expect(memoryMiB).toBe(Math.floor(16_384 * 0.925) - 11 * 58 - 255 - 100);
  });
});

describe('node groups of a template', () => {
  test('have the labels, taints and interfaces of an EKS node group', () => {
    const NetworkInterfaces = [{ InterfaceType: 'interface' }, { InterfaceType: 'efa-only' }, { InterfaceType: 'efa' }];
    const [group] = eksNodeGroups({
      Resources: {
        Launch: {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: { LaunchTemplateData: { InstanceType: 'p5.48xlarge', NetworkInterfaces } },
        },
        Nodes: {
          Type: 'AWS::EKS::Nodegroup',
          Properties: {
            LaunchTemplate: { Id: { Ref: 'Launch' } },
            CapacityType: 'SPOT',
            Labels: { 'ai-infra/pool': 'nodes' },
            Taints: [{ Key: 'nvidia.com/gpu', Value: 'present', Effect: 'NO_SCHEDULE' }],
            ScalingConfig: { DesiredSize: 2, MaxSize: 4 },
          },
        },
      },
    });
    expect(group).toMatchObject({ name: 'Nodes', nodes: 2, maxNodes: 4, machine: 'p5.48xlarge' });
    expect(group!.resources).toMatchObject({ 'nvidia.com/gpu': '8', 'vpc.amazonaws.com/efa': '2' });
    expect(group!.labels).toMatchObject({ 'ai-infra/pool': 'nodes', 'eks.amazonaws.com/capacityType': 'SPOT' });
    expect(group!.taints).toEqual([{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }]);
  });

  test('count the zones of a GKE pool, and have the taint of its accelerators', () => {
    const config = { machine_type: 'g2-standard-4', labels: { 'ai-infra/pool': 'nodes' } };
    const [pool] = gkeNodeGroups({
      resource: { google_container_node_pool: { Pool: { name: 'nodes', node_count: 2, node_config: config } } },
    });
    expect(pool).toMatchObject({ nodes: 6, resources: { 'nvidia.com/gpu': '1' } });
    expect(pool!.taints).toEqual([{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }]);
  });

  test('have the taint and the label of spot capacity on AKS', () => {
    const pool = { name: 'spot', vm_size: 'Standard_NC4as_T4_v3', min_count: 0, max_count: 3, priority: 'Spot' };
    const [group] = aksNodeGroups({ resource: { azurerm_kubernetes_cluster_node_pool: { Pool: pool } } });
    expect(group).toMatchObject({ nodes: 0, maxNodes: 3 });
    expect(group!.labels['kubernetes.azure.com/scalesetpriority']).toBe('spot');
    expect(group!.taints).toEqual([
      { key: 'kubernetes.azure.com/scalesetpriority', value: 'spot', effect: 'NoSchedule' },
    ]);
    const node = nodeOf(group!, AKS_NODES, 1);
    expect(node.metadata.name).toBe('spot-1');
    expect(agentsOf(AKS_NODES).kind).toBe('DaemonSet');
  });
});

test('reads the files for GitOps, and replaces only the variables of their header', () => {
  const folder = mkdtempSync(join(tmpdir(), 'software-'));
  writeFileSync(join(folder, 'helmfile.yaml'), 'releases:\n  - { name: kueue, chart: a/kueue, values: [] }\n');
  const header = "# envsubst '$FILE_SYSTEM_ID'\n";
  const object = 'kind: ConfigMap\nmetadata: { name: one }\ndata: { id: "${FILE_SYSTEM_ID}", shell: "${HOME}" }\n';
  writeFileSync(join(folder, 'manifests.yaml'), header + object);
  const { releases, manifests, acceptance } = readSoftware(folder, []);
  expect(releases.map(({ name }) => name)).toEqual(['kueue']);
  expect(manifests[0]!.data).toEqual({ id: 'fs-0123456789abcdef0', shell: '${HOME}' });
  expect(acceptance).toEqual({});
});

test('reports each flavor and each scenario of a run', () => {
  const flavor = {
    name: 'eks-p5',
    title: 'p5.48xlarge',
    cloud: EKS_NODES,
    scenarios: [],
    synthesize: () => {
      throw new Error('not called');
    },
  };
  const counts = { objects: 14, jobs: 5, transitions: 40, seconds: 21.4 };
  const result = { flavor, passed: ['queues a job'], failures: [], unknownKinds: ['ComputeClass'], ...counts };
  const page = reportOf([result], { 'sigs.k8s.io/kueue': 'v0.19.2' });
  expect(page).toContain('| `eks-p5` | p5.48xlarge | 14 | 5 | 40 | 1 | 21 |');
  expect(page).toContain('| queues a job | 1 |');
  expect(page).toContain('| Kueue | v0.19.2 |');
  expect(page).toContain('ComputeClass');
});
