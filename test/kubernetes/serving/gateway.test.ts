import { inferenceRoute, type InferenceRouteProps } from '../../../lib/kubernetes';
import { at } from '../at';
import { refusalOf } from '../problems';
import { manifestFaults, schemaTest } from '../schemas';

const route = (changes: Partial<InferenceRouteProps> = {}) =>
  inferenceRoute({
    name: 'llama',
    namespace: 'serving',
    port: 8000,
    gateway: { name: 'inference', namespace: 'gateways' },
    endpointPicker: { name: 'llama-epp', port: 9002 },
    ...changes,
  });

describe('inferenceRoute', () => {
  schemaTest('is what the published schemas say', () => {
    const manifests = route({ hostnames: ['llama.example.com'], priority: 10 });
    expect(manifests.map(({ kind }) => kind)).toEqual(['InferencePool', 'HTTPRoute', 'InferenceObjective']);
    expect(manifests.flatMap(manifestFaults)).toEqual([]);
  });

  test('creates a pool of the serving pods that also works if the picker fails', () => {
    const [pool, http] = route();
    expect(at(pool, 'spec')).toEqual({
      selector: { matchLabels: { 'ai-infra/serves': 'llama' } },
      targetPorts: [{ number: 8000 }],
      endpointPickerRef: { name: 'llama-epp', port: { number: 9002 }, failureMode: 'FailOpen' },
    });
    expect(at(http, 'spec.rules.0.backendRefs.0')).toEqual({
      group: 'inference.networking.k8s.io',
      kind: 'InferencePool',
      name: 'llama',
    });
    expect(at(http, 'spec')).not.toHaveProperty('hostnames');
  });

  test('rejects invalid names and an invalid port', () => {
    const endpointPicker = { name: 'A', port: 0 };
    expect(refusalOf(() => route({ endpointPicker, priority: 0.5, gateway: { name: '', namespace: 'g' } }))).toEqual([
      'KubernetesName gateway.name',
      'KubernetesName endpointPicker.name',
      'IngressInvalid endpointPicker.port',
      'IngressInvalid priority',
    ]);
  });
});
