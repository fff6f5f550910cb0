import type { KubernetesManifest } from '../manifest';
import { onSystemNodes, type SystemNodes } from '../placement';
import { POD_SECURITY, SERVER_SECURITY } from './serving-pod';

/** Properties for `endpointPicker`. */
export interface EndpointPickerProps {
  /** Name of the inference pool. The name of the picker is `<pool>-picker`. */
  readonly pool: string;
  /** Namespace of the inference pool. */
  readonly namespace: string;
  /** Nodes that the picker runs on. */
  readonly system: SystemNodes;
}

/** Port of the picker service that a gateway calls. */
export const PICKER_PORT = 9002;
const HEALTH_PORT = 9003;
const METRICS_PORT = 9090;

/**
 * Image and settings of the picker. Source: kubernetes-sigs/gateway-api-inference-extension v1.5.0, config/charts/epplib; read 2026-11.
 *
 * @see https://gateway-api-inference-extension.sigs.k8s.io/
 */
export const PICKER_IMAGE = 'registry.k8s.io/gateway-api-inference-extension/epp:v1.5.0';

/** Scores of replicas: a short queue, free KV cache, and the prefix of the prompt in the cache. */
const PLUGINS = {
  apiVersion: 'inference.networking.x-k8s.io/v1alpha1',
  kind: 'EndpointPickerConfig',
  plugins: [{ type: 'queue-scorer' }, { type: 'kv-cache-utilization-scorer' }, { type: 'prefix-cache-scorer' }],
  schedulingProfiles: [
    {
      name: 'default',
      plugins: [
        { pluginRef: 'queue-scorer', weight: 2 },
        { pluginRef: 'kv-cache-utilization-scorer', weight: 2 },
        { pluginRef: 'prefix-cache-scorer', weight: 3 },
      ],
    },
  ],
};

/** Returns the name of the picker service of an inference pool. */
export function pickerName(pool: string): string {
  return `${pool}-picker`;
}

/**
 * Creates the endpoint picker, which chooses a replica for each request of an inference pool. It runs in a single pod, because it remembers
 * which replica has which prompt in its cache. It can only read pods, the pool and the kinds of `pickerKinds`.
 */
export function endpointPicker({ pool, namespace, system }: EndpointPickerProps): KubernetesManifest[] {
  const name = pickerName(pool);
  const labels = { 'ai-infra/picker': pool };
  const metadata = { name, namespace, labels };
  const reads = (apiGroups: string[], resources: string[]) => ({
    apiGroups,
    resources,
    verbs: ['get', 'list', 'watch'],
  });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [
        reads([''], ['pods']),
        reads(['inference.networking.k8s.io'], ['inferencepools']),
        reads([KINDS_GROUP], Object.keys(KINDS)),
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'plugins.yaml': JSON.stringify(PLUGINS) } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: labels,
        ports: [{ name: 'grpc', port: PICKER_PORT, targetPort: 'grpc', protocol: 'TCP', appProtocol: 'http2' }],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        revisionHistoryLimit: 3,
        selector: { matchLabels: labels },
        strategy: { type: 'Recreate' },
        template: { metadata: { labels }, spec: podOf(name, pool, namespace, system) },
      },
    },
  ];
}

function podOf(name: string, pool: string, namespace: string, system: SystemNodes): Record<string, unknown> {
  const probe = { grpc: { port: HEALTH_PORT, service: 'inference-extension' }, timeoutSeconds: 5 };
  const fromPod = (variable: string, fieldPath: string) => ({ name: variable, valueFrom: { fieldRef: { fieldPath } } });
  return {
    ...onSystemNodes(system),
    serviceAccountName: name,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 130,
    securityContext: POD_SECURITY,
    containers: [
      {
        name: 'picker',
        image: PICKER_IMAGE,
        args: [
          ...['--pool-name', pool, '--pool-namespace', namespace, '--pool-group', 'inference.networking.k8s.io'],
          ...['--zap-encoder', 'json', '--config-file', '/config/plugins.yaml'],
          ...['--tracing=false', '--metrics-endpoint-auth=false'],
        ],
        env: [fromPod('NAMESPACE', 'metadata.namespace'), fromPod('POD_NAME', 'metadata.name')],
        ports: [
          { name: 'grpc', containerPort: PICKER_PORT },
          { name: 'grpc-health', containerPort: HEALTH_PORT },
          { name: 'metrics', containerPort: METRICS_PORT },
        ],
        livenessProbe: { ...probe, initialDelaySeconds: 5, periodSeconds: 10 },
        readinessProbe: { ...probe, periodSeconds: 5 },
        securityContext: SERVER_SECURITY,
        resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '4Gi' } },
        volumeMounts: [{ name: 'config', mountPath: '/config', readOnly: true }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name } }],
  };
}

const KINDS_GROUP = 'inference.networking.x-k8s.io';
/** Kinds that the picker watches, by plural name. */
const KINDS = { inferenceobjectives: 'InferenceObjective', inferencemodelrewrites: 'InferenceModelRewrite' } as const;

/**
 * Creates the custom resource definitions that a picker watches and that gateways do not install. Apply them once per cluster. The picker
 * validates the content of the resources.
 */
export function pickerKinds(): KubernetesManifest[] {
  return Object.entries(KINDS).map(([plural, kind]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${KINDS_GROUP}` },
    spec: {
      group: KINDS_GROUP,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1alpha2',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }));
}
