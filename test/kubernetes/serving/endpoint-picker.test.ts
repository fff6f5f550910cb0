import { endpointPicker, inferenceRoute, PICKER_PORT, pickerKinds, pickerName } from '../../../lib/kubernetes';
import { at } from '../at';
import { manifestFaults, schemaTest } from '../schemas';

const picker = () => endpointPicker({ pool: 'chat', namespace: 'chat', system: { labels: { role: 'system' } } });
const ofKind = (kind: string) => picker().find((one) => one.kind === kind)!;

test('creates the service that a route of the same pool calls', () => {
  const route = inferenceRoute({
    name: 'chat',
    namespace: 'chat',
    port: 8000,
    gateway: { name: 'chat', namespace: 'chat' },
    endpointPicker: { name: pickerName('chat'), port: PICKER_PORT },
  });
  const asked = at(route[0]!, 'spec.endpointPickerRef') as { name: string; port: { number: number } };
  expect(ofKind('Service').metadata.name).toBe(asked.name);
  expect(at(ofKind('Service'), 'spec.ports.0.port')).toBe(asked.port.number);
});

test('receives the pool and the weights of the scores', () => {
  const args = at(ofKind('Deployment'), 'spec.template.spec.containers.0.args') as string[];
  expect(args.slice(0, 4)).toEqual(['--pool-name', 'chat', '--pool-namespace', 'chat']);
  const { plugins, schedulingProfiles } = JSON.parse(
    (ofKind('ConfigMap').data as Record<string, string>)['plugins.yaml']!,
  ) as {
    plugins: { type: string }[];
    schedulingProfiles: { plugins: { pluginRef: string }[] }[];
  };
  expect(schedulingProfiles[0]!.plugins.map(({ pluginRef }) => pluginRef)).toEqual(plugins.map(({ type }) => type));
});

test('runs one pod on the system nodes without privileges on the host', () => {
  const { replicas, strategy, template } = ofKind('Deployment').spec as Record<string, never>;
  expect({ replicas, strategy }).toEqual({ replicas: 1, strategy: { type: 'Recreate' } });
  expect(at(template, 'spec')).toMatchObject({
    nodeSelector: { role: 'system' },
    securityContext: { runAsNonRoot: true },
    containers: [{ securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } }],
  });
});

test('can read pods, pools and its own kinds, which are installed', () => {
  const rules = ofKind('Role').rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  for (const { verbs } of rules) expect(verbs).toEqual(['get', 'list', 'watch']);
  const own = rules.find(({ apiGroups: [group] }) => group === 'inference.networking.x-k8s.io')!;
  expect(pickerKinds().map(({ metadata }) => metadata.name)).toEqual(
    own.resources.map((plural) => `${plural}.inference.networking.x-k8s.io`),
  );
});

schemaTest('all of its objects are valid', () => {
  expect([...picker(), ...pickerKinds()].flatMap(manifestFaults)).toEqual([]);
});
