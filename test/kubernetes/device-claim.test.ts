import {
  type AcceleratorPool,
  claimsOf,
  claimTemplate,
  kueueChart,
  type PoolFabric,
  trainingQueue,
  trainingRuntime,
} from '../../lib/kubernetes';
import { at, byName } from './at';
import { h100 } from './pools';
import { manifestFaults, schemaTest } from './schemas';

const claim = { name: 'rdma', deviceClass: 'mrdma.google.com', count: 8, quota: 'ai-infra/rdma-interface' };
const fabric: PoolFabric = { interfacesPerNode: 8, bandwidthGbps: 3200, pod: { claim } };
const pool = h100({ fabric, nodes: 3 });
const podOf = (given: AcceleratorPool) =>
  at(
    trainingRuntime({ pool: given, image: 'image:1' }),
    'spec.template.spec.replicatedJobs.0.template.spec.template.spec',
  );

schemaTest('the template of a claim is valid, and so is a pod with one', () => {
  expect(manifestFaults(claimTemplate(claim, 'training'))).toEqual([]);
  expect(manifestFaults(trainingRuntime({ pool, image: 'image:1' }))).toEqual([]);
});

test('the claim template requests all interfaces of a node', () => {
  expect(at(claimTemplate(claim, 'training'), 'spec.spec.devices.requests')).toEqual([
    { name: 'rdma', exactly: { deviceClassName: 'mrdma.google.com', allocationMode: 'ExactCount', count: 8 } },
  ]);
});

test('a pod has one claim, and its container uses it', () => {
  expect(at(podOf(pool), 'resourceClaims')).toEqual([{ name: 'rdma', resourceClaimTemplateName: 'rdma' }]);
  expect(at(podOf(pool), 'containers.0.resources.claims')).toEqual([{ name: 'rdma' }]);
});

test('a pod also claims the channel of a compute domain', () => {
  const names = (at(podOf(h100({ fabric, multiNodeScaleUp: true })), 'resourceClaims') as { name: string }[]).map(
    ({ name }) => name,
  );
  expect(names).toEqual(['compute-domain-channel', 'rdma']);
});

test('a pod without claims has no claim fields', () => {
  expect(at(podOf(h100()), 'resourceClaims')).toBeUndefined();
  expect(at(podOf(h100()), 'containers.0.resources.claims')).toBeUndefined();
});

test('Kueue counts the devices of all nodes with the quota that its configuration maps the class to', () => {
  const queue = trainingQueue({ name: 'q', namespace: 'training', pools: [pool] }).find(
    ({ kind }) => kind === 'ClusterQueue',
  );
  const resources = byName(at(queue, 'spec.resourceGroups.0.flavors.0.resources'));
  expect(resources['ai-infra/rdma-interface']).toEqual({ name: 'ai-infra/rdma-interface', nominalQuota: '24' });
  const { values } = kueueChart({ system: { labels: { role: 'system' } }, pools: [pool, h100({ name: 'other' })] });
  const config = JSON.parse(at(values, 'managerConfig.controllerManagerConfigYaml') as string) as unknown;
  expect(at(config, 'resources.deviceClassMappings')).toEqual([
    { name: 'ai-infra/rdma-interface', deviceClassNames: ['mrdma.google.com'] },
  ]);
});

test('pools with the same claim share one template', () => {
  expect(claimsOf([pool, h100({ name: 'other', fabric }), h100({ name: 'plain' })])).toEqual([claim]);
});

test('rejects an invalid Kubernetes name', () => {
  expect(() => claimTemplate({ ...claim, name: 'RDMA!' }, 'training')).toThrow(/KubernetesName/);
});
