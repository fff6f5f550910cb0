import { fileSystemVolume, jobSetChart, kueueChart, trainingQueue, trainingRuntime } from '../../lib/kubernetes';
import { at } from './at';
import { chartFaults } from './chart-values';
import { h100, SYSTEM } from './pools';
import { kueueConfigurationFaults, manifestFaults, schemaTest, valueFaults } from './schemas';
import { strictSchema } from './strict-schema';

/** Returns a copy with a new value at a path. */
function changed<T>(value: T, path: string, to: unknown): T {
  const copy = structuredClone(value);
  const cut = path.lastIndexOf('.');
  const parent = cut === -1 ? copy : at(copy, path.slice(0, cut));
  Object.assign(parent as object, { [path.slice(cut + 1)]: to });
  return copy;
}

const CONFIGURATION = 'values.managerConfig.controllerManagerConfigYaml';
const CONTAINER = 'spec.template.spec.replicatedJobs.0.template.spec.template.spec.containers.0';

describe('the schema checks reject', () => {
  schemaTest('an unknown key deep in a custom resource', () => {
    const queue = trainingQueue({ name: 'train', namespace: 'ml', pools: [h100()] }).find(
      ({ kind }) => kind === 'ClusterQueue',
    )!;
    expect(manifestFaults(queue)).toEqual([]);
    const wrong = changed(queue, 'spec.cohort', 'all');
    expect(manifestFaults(wrong)).toEqual([expect.stringContaining('"additionalProperty":"cohort"')]);
  });

  schemaTest('an unknown key of a pod in a custom resource', () => {
    const runtime = trainingRuntime({ pool: h100(), image: 'image:1' });
    const wrong = changed(runtime, `${CONTAINER}.resource`, {});
    expect(manifestFaults(wrong)).toEqual([expect.stringContaining('"additionalProperty":"resource"')]);
  });

  schemaTest('an unknown key of a core object', () => {
    const [volume] = fileSystemVolume({
      name: 'data',
      namespace: 'ml',
      driver: 'fsx.csi.aws.com',
      volumeHandle: 'fs-1',
      capacityGiB: 1200,
    });
    const wrong = changed(volume, 'spec.reclaimPolicy', 'Retain');
    expect(manifestFaults(wrong)).toEqual([expect.stringContaining('"additionalProperty":"reclaimPolicy"')]);
  });

  schemaTest('a chart value that the chart does not read', () => {
    const wrong = changed(jobSetChart({ system: SYSTEM }), 'values.controller.nodeSelectors', {});
    expect(valueFaults(wrong)).toEqual(['controller.nodeSelectors: the chart has no such value']);
  });

  schemaTest('a chart with a different version than the index', () => {
    const wrong = changed(jobSetChart({ system: SYSTEM }), 'version', '0.11.0');
    expect(valueFaults(wrong)).toEqual(['version 0.11.0 is not the indexed 0.12.0']);
  });

  test('an unknown key in the configuration of Kueue', () => {
    const text = at(kueueChart({ system: SYSTEM, pools: [h100()] }), CONFIGURATION) as string;
    expect(kueueConfigurationFaults(text)).toEqual([]);
    expect(kueueConfigurationFaults(text.replace('waitForPodsReady', 'waitForPodReady'))).toContainEqual(
      expect.stringContaining('"additionalProperty":"waitForPodReady"'),
    );
  });

  schemaTest('an object without a schema', () => {
    expect(() =>
      manifestFaults({ apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'x' } }),
    ).toThrow(/no schema of apps\/v1 ControllerRevision/);
  });
});

describe('the schema of a custom resource', () => {
  const refs = { Pod: { type: 'object', properties: { new: { type: 'string' }, old: { type: 'string' } } } };

  test('has the fields of an embedded type from its own release', () => {
    const resource = {
      group: 'g',
      kind: 'K',
      version: 'v1',
      elided: [{ ref: 'Pod', paths: ['spec.pods[]'], missing: ['new'], extra: ['alpha'], alsoRequired: ['old'] }],
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: { pods: { type: 'array', items: { 'x-ref': 'Pod' } }, pod: { 'x-ref': 'Pod' } },
          },
        },
      },
    };
    const { pods, pod } = strictSchema(resource, refs, {}).properties!.spec!.properties!;
    expect(pods!.items).toEqual({
      type: 'object',
      properties: { old: { type: 'string' }, alpha: {} },
      additionalProperties: false,
      required: ['old'],
    });
    expect(pod).toEqual({ ...refs.Pod, additionalProperties: false });
  });
});

describe('the key index of a chart', () => {
  const index = {
    version: '1',
    repository: 'r',
    keys: { 'a.list': 'list', 'a.map': 'map', 'b\\.c': 'string', any: 'null' },
    free: ['a.free'],
    extra: { 'x.y': 'template' },
    required: ['any'],
    rejected: ['namespace'],
    removed: { keys: ['gone'] },
  };

  test.each([
    [{ any: 1, a: { list: [1], free: { deep: 1 } }, 'b.c': 'text', x: { y: 1 } }, []],
    [{}, ['any: required by the chart']],
    [{ any: 1, a: { list: {} } }, ['a.list: map where the chart has list']],
    [{ any: 1, a: { map: { key: 1 } } }, ['a.map: the chart has no such value']],
    [{ any: 1, a: { other: 1 } }, ['a.other: the chart has no such value']],
    [{ any: 1, namespace: 'x' }, ['namespace: rejected by the chart']],
    [{ any: 1, gone: 'x' }, ['gone: no longer has an effect']],
  ])('reports %j with the faults %j', (values, faults) => {
    expect(chartFaults(index, values)).toEqual(faults);
  });
});
