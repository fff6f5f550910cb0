import { INFINIBAND_RESOURCE, infinibandObjects } from '../../lib/kubernetes';
import { at } from './at';
import { gb200, h100 } from './pools';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const [rule, policy] = infinibandObjects([h100(), gb200()]);

describe('infinibandObjects', () => {
  schemaTest('creates a valid rule and a valid policy', () => {
    expect(infinibandObjects([h100(), gb200()]).flatMap(manifestFaults)).toEqual([]);
  });

  test('labels nodes with InfiniBand adapters, but not nodes with Ethernet adapters of the same vendor', () => {
    const expressions = at(rule, 'spec.rules.0.matchFeatures.0.matchExpressions');
    expect(expressions).toEqual({
      vendor: { op: 'In', value: ['15b3'] },
      device: { op: 'In', value: ['101c', '101e'] },
    });
    expect(at(rule, 'spec.rules.0.labels')).toEqual({ 'feature.node.kubernetes.io/pci-15b3.present': 'true' });
  });

  test('offers each interface to one pod as the resource that pods request', () => {
    const config = JSON.parse(at(policy, 'spec.sriovDevicePlugin.config') as string) as unknown;
    const { resourcePrefix, resourceName, selectors } = at(config, 'resourceList.0') as Record<string, unknown>;
    expect(`${resourcePrefix as string}/${resourceName as string}`).toBe(INFINIBAND_RESOURCE);
    expect(selectors).toEqual({ vendors: ['15b3'], linkTypes: ['infiniband'], isRdma: true });
  });

  test('only runs on the pools and tolerates their taints', () => {
    expect(
      at(
        policy,
        'spec.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0.values',
      ),
    ).toEqual(['h100', 'gb200']);
    expect(at(policy, 'spec.tolerations')).toEqual([expect.objectContaining({ key: 'nvidia.com/gpu' })]);
  });

  test('does not replace a driver while a job runs, and disables telemetry, which crashes on arm64', () => {
    expect(at(policy, 'spec.ofedDriver.upgradePolicy')).toEqual({ autoUpgrade: false });
    expect(policy).not.toHaveProperty('spec.docaTelemetryService');
  });

  test('rejects an empty list of pools', () => {
    expect(refusalOf(() => infinibandObjects([]))).toEqual(['GroupsMissing pools']);
  });
});
