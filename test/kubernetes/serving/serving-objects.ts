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

// Source: the API reference of Kubernetes v1.36: apps/v1, core/v1, policy/v1, networking.k8s.io/v1, autoscaling/v2.
/** Strict schemas of the objects of Kubernetes itself that serve a model. Pods are those of the published reference. */
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
      selector: LABELS,
      ports: list(object({ name: TEXT, port: PORT, targetPort: {}, protocol: { enum: ['TCP', 'UDP'] } }, ['port'])),
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
