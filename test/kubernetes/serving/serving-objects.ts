import type { CustomResource, JsonSchema } from '../strict-schema';

const TEXT = { type: 'string', minLength: 1 };
const WHOLE = { type: 'integer' };
const PORT = { type: 'integer', minimum: 1, maximum: 65_535 };
const INT_OR_PERCENT = { anyOf: [WHOLE, { type: 'string', pattern: '^[0-9]+%$' }] };
const LABELS = { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } };
const SELECTOR = object({ matchLabels: LABELS, matchExpressions: list({}) });
const PEER = object({
  podSelector: SELECTOR,
  namespaceSelector: SELECTOR,
  ipBlock: object({ cidr: TEXT, except: list(TEXT) }, ['cidr']),
});
const POLICY_PORT = object({ protocol: { enum: ['TCP', 'UDP', 'SCTP'] }, port: PORT, endPort: PORT });
const SCALING_RULES = object({
  stabilizationWindowSeconds: { type: 'integer', minimum: 0, maximum: 3600 },
  selectPolicy: { enum: ['Max', 'Min', 'Disabled'] },
  policies: list(
    object({ type: { enum: ['Pods', 'Percent'] }, value: WHOLE, periodSeconds: { type: 'integer', maximum: 1800 } }, [
      'type',
      'value',
      'periodSeconds',
    ]),
  ),
});
const REFERENCE = object({ apiVersion: TEXT, kind: TEXT, name: TEXT }, ['kind', 'name']);

const JOB = object(
  {
    completionMode: { enum: ['Indexed', 'NonIndexed'] },
    completions: WHOLE,
    parallelism: WHOLE,
    backoffLimitPerIndex: WHOLE,
    maxFailedIndexes: WHOLE,
    activeDeadlineSeconds: WHOLE,
    ttlSecondsAfterFinished: WHOLE,
    podFailurePolicy: object({
      rules: list(
        object({
          action: { enum: ['Ignore', 'FailIndex', 'FailJob', 'Count'] },
          onPodConditions: list(object({ type: TEXT, status: TEXT }, ['type'])),
        }),
      ),
    }),
    template: { 'x-ref': 'PodTemplateSpec' },
  },
  ['template'],
);
const TARGET = object({ group: TEXT, kind: TEXT, name: TEXT }, ['group', 'kind', 'name']);

// Source: the API reference of Kubernetes v1.36: apps/v1, core/v1, policy/v1, networking.k8s.io/v1, autoscaling/v2.
/** Strict schemas of the built-in objects that serve a model. Pods use the published reference. */
export const SERVING_OBJECTS: readonly CustomResource[] = [
  resource('apps', 'v1', 'Deployment', {
    spec: object(
      {
        replicas: WHOLE,
        minReadySeconds: WHOLE,
        progressDeadlineSeconds: WHOLE,
        revisionHistoryLimit: WHOLE,
        selector: SELECTOR,
        strategy: object({
          type: { enum: ['RollingUpdate', 'Recreate'] },
          rollingUpdate: object({ maxSurge: INT_OR_PERCENT, maxUnavailable: INT_OR_PERCENT }),
        }),
        template: { 'x-ref': 'PodTemplateSpec' },
      },
      ['selector', 'template'],
    ),
  }),
  resource('', 'v1', 'ServiceAccount', { automountServiceAccountToken: { type: 'boolean' } }),
  resource('', 'v1', 'Service', {
    spec: object({
      type: { enum: ['ClusterIP', 'LoadBalancer', 'NodePort'] },
      externalTrafficPolicy: { enum: ['Cluster', 'Local'] },
      loadBalancerSourceRanges: list(TEXT),
      selector: LABELS,
      ports: list(
        object({ name: TEXT, port: PORT, targetPort: {}, protocol: { enum: ['TCP', 'UDP'] }, appProtocol: TEXT }, [
          'port',
        ]),
      ),
    }),
  }),
  resource('policy', 'v1', 'PodDisruptionBudget', {
    spec: object({
      maxUnavailable: INT_OR_PERCENT,
      minAvailable: INT_OR_PERCENT,
      selector: SELECTOR,
      unhealthyPodEvictionPolicy: { enum: ['AlwaysAllow', 'IfHealthyBudget'] },
    }),
  }),
  resource('networking.k8s.io', 'v1', 'NetworkPolicy', {
    spec: object(
      {
        podSelector: SELECTOR,
        policyTypes: list({ enum: ['Ingress', 'Egress'] }),
        ingress: list(object({ from: list(PEER), ports: list(POLICY_PORT) })),
        egress: list(object({ to: list(PEER), ports: list(POLICY_PORT) })),
      },
      ['podSelector'],
    ),
  }),
  resource('autoscaling', 'v2', 'HorizontalPodAutoscaler', {
    spec: object(
      {
        scaleTargetRef: REFERENCE,
        minReplicas: { type: 'integer', minimum: 1 },
        maxReplicas: WHOLE,
        behavior: object({ scaleUp: SCALING_RULES, scaleDown: SCALING_RULES }),
        metrics: list(
          object(
            {
              type: { const: 'Pods' },
              pods: object(
                {
                  metric: object({ name: TEXT, selector: SELECTOR }, ['name']),
                  target: object({ type: { const: 'AverageValue' }, averageValue: { type: 'string' } }, ['type']),
                },
                ['metric', 'target'],
              ),
            },
            ['type', 'pods'],
          ),
        ),
      },
      ['scaleTargetRef', 'maxReplicas'],
    ),
  }),
  resource('rbac.authorization.k8s.io', 'v1', 'Role', {
    rules: list(object({ apiGroups: list({ type: 'string' }), resources: list(TEXT), verbs: list(TEXT) }, ['verbs'])),
  }),
  resource('rbac.authorization.k8s.io', 'v1', 'RoleBinding', {
    roleRef: object({ apiGroup: TEXT, kind: { enum: ['Role', 'ClusterRole'] }, name: TEXT }, ['kind', 'name']),
    subjects: list(object({ kind: { const: 'ServiceAccount' }, name: TEXT, namespace: TEXT }, ['kind', 'name'])),
  }),
  resource('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', {
    spec: object(
      {
        group: TEXT,
        scope: { enum: ['Namespaced', 'Cluster'] },
        names: object({ kind: TEXT, listKind: TEXT, plural: TEXT, singular: TEXT }, ['kind', 'plural']),
        versions: list(
          object({ name: TEXT, served: {}, storage: {}, subresources: {}, schema: object({ openAPIV3Schema: {} }) }, [
            'name',
            'served',
            'storage',
          ]),
        ),
      },
      ['group', 'scope', 'names', 'versions'],
    ),
  }),
  resource('batch', 'v1', 'Job', { spec: JOB }),
  resource('batch', 'v1', 'CronJob', {
    spec: object(
      {
        schedule: TEXT,
        timeZone: TEXT,
        suspend: { type: 'boolean' },
        concurrencyPolicy: { enum: ['Allow', 'Forbid', 'Replace'] },
        startingDeadlineSeconds: WHOLE,
        successfulJobsHistoryLimit: WHOLE,
        failedJobsHistoryLimit: WHOLE,
        jobTemplate: object({ metadata: object({ labels: LABELS }), spec: JOB }, ['spec']),
      },
      ['schedule', 'jobTemplate'],
    ),
  }),
  // Source: docs.cloud.google.com/kubernetes-engine/docs/reference/crds/computeclass; read 2026-11-26.
  resource('cloud.google.com', 'v1', 'ComputeClass', {
    spec: object(
      {
        priorities: list(object({ nodepools: list(TEXT) }, ['nodepools'])),
        nodePoolAutoCreation: object({ enabled: { type: 'boolean' } }),
        whenUnsatisfiable: { enum: ['DoNotScaleUp', 'ScaleUpAnyway'] },
      },
      ['priorities'],
    ),
  }),
  // Source: GoogleCloudPlatform/prometheus-engine, doc/api.md (names recalled, unverified).
  resource('monitoring.googleapis.com', 'v1', 'PodMonitoring', {
    spec: object(
      {
        selector: SELECTOR,
        endpoints: list(object({ port: {}, path: TEXT, interval: TEXT, scheme: TEXT }, ['port', 'interval'])),
      },
      ['selector', 'endpoints'],
    ),
  }),
  // Source: learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd: the kind of the operator in another group.
  resource('azmonitoring.coreos.com', 'v1', 'PodMonitor', {
    spec: object(
      {
        labelLimit: WHOLE,
        labelNameLengthLimit: WHOLE,
        labelValueLengthLimit: WHOLE,
        selector: SELECTOR,
        podMetricsEndpoints: list(object({ port: TEXT, path: TEXT, interval: TEXT }, ['port'])),
      },
      ['selector', 'podMetricsEndpoints'],
    ),
  }),
  // Source: kubernetes-sigs/gateway-api-inference-extension v1.5.0, config/charts/inferencepool/templates/gke.yaml.
  resource('networking.gke.io', 'v1', 'HealthCheckPolicy', {
    spec: object(
      {
        targetRef: TARGET,
        default: object({
          config: object({ type: { const: 'HTTP' }, httpHealthCheck: object({ requestPath: TEXT, port: PORT }) }),
        }),
      },
      ['targetRef', 'default'],
    ),
  }),
  resource('networking.gke.io', 'v1', 'GCPBackendPolicy', {
    spec: object(
      {
        targetRef: TARGET,
        default: object({ timeoutSec: WHOLE, logging: object({ enabled: { type: 'boolean' } }) }),
      },
      ['targetRef', 'default'],
    ),
  }),
  // Source: kubernetes-sigs/aws-load-balancer-controller, apis/elbv2/v1beta1/targetgroupbinding_types.go.
  resource('elbv2.k8s.aws', 'v1beta1', 'TargetGroupBinding', {
    spec: object(
      {
        targetGroupARN: TEXT,
        targetType: { enum: ['instance', 'ip'] },
        serviceRef: object({ name: TEXT, port: {} }, ['name', 'port']),
        networking: {},
        nodeSelector: SELECTOR,
        ipAddressType: { enum: ['ipv4', 'ipv6'] },
        vpcID: TEXT,
      },
      ['targetGroupARN', 'serviceRef'],
    ),
  }),
];

function resource(group: string, version: string, kind: string, own: Record<string, unknown>): CustomResource {
  const required = Object.keys(own).filter((name) => name === 'spec');
  return { group, version, kind, schema: object({ apiVersion: TEXT, kind: TEXT, metadata: {}, ...own }, required) };
}

function object(properties: Record<string, unknown>, required: string[] = []): JsonSchema {
  return { type: 'object', properties: properties as Record<string, JsonSchema>, required };
}

function list(items: unknown): JsonSchema {
  return { type: 'array', items: items as JsonSchema };
}
