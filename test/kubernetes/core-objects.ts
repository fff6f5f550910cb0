import type { CustomResource, JsonSchema } from './strict-schema';

const LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const QUANTITY = { type: 'string', pattern: '^[0-9]+(m|Ki|Mi|Gi|Ti|Pi)?$' };
const TEXT = { type: 'string', minLength: 1 };
const TEXTS = { type: 'object', additionalProperties: { type: 'string' } };

/** Metadata with the fields that manifests can set. */
export const METADATA: JsonSchema = strict(
  {
    // Names of custom resource definitions contain dots.
    name: { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' },
    namespace: { type: 'string', maxLength: 63, pattern: LABEL },
    labels: { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } },
    annotations: TEXTS,
  },
  ['name'],
);

const VOLUME = {
  accessModes: {
    type: 'array',
    items: { enum: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'] },
    minItems: 1,
  },
  volumeMode: { enum: ['Filesystem', 'Block'] },
  storageClassName: { type: 'string' },
};

// Source: the API reference of Kubernetes v1.36, core/v1: the fields that a static volume, a claim and a namespace may have.
/** Strict schemas of the core objects in the manifests of this library. */
export const CORE_OBJECTS: Readonly<Record<string, JsonSchema>> = {
  'v1/Namespace': object({}, [], ['name']),
  // Names of drivers have the format of domain names.
  'storage.k8s.io/v1/CSIDriver': strict(
    {
      apiVersion: TEXT,
      kind: TEXT,
      metadata: strict({ name: { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' } }, [
        'name',
      ]),
      spec: strict({
        attachRequired: { type: 'boolean' },
        podInfoOnMount: { type: 'boolean' },
        fsGroupPolicy: { enum: ['ReadWriteOnceWithFSType', 'File', 'None'] },
      }),
    },
    ['apiVersion', 'kind', 'metadata', 'spec'],
  ),
  'v1/ServiceAccount': object({ automountServiceAccountToken: { type: 'boolean' } }),
  'v1/ConfigMap': object({ data: TEXTS, binaryData: TEXTS, immutable: { type: 'boolean' } }, ['data']),
  'v1/PersistentVolume': object(
    {
      spec: strict(
        {
          ...VOLUME,
          capacity: strict({ storage: QUANTITY }, ['storage']),
          persistentVolumeReclaimPolicy: { enum: ['Retain', 'Delete', 'Recycle'] },
          claimRef: strict({ apiVersion: TEXT, kind: TEXT, namespace: TEXT, name: TEXT }, ['namespace', 'name']),
          csi: strict(
            {
              driver: TEXT,
              volumeHandle: TEXT,
              volumeAttributes: TEXTS,
              fsType: TEXT,
              readOnly: { type: 'boolean' },
            },
            ['driver', 'volumeHandle'],
          ),
          mountOptions: { type: 'array', items: TEXT },
          nodeAffinity: { type: 'object' },
        },
        ['accessModes', 'capacity', 'csi'],
      ),
    },
    ['spec'],
    ['name'],
  ),
  // Source: the API reference of Kubernetes v1.36, resource.k8s.io/v1: a claim holds at most 32 devices and requests.
  'resource.k8s.io/v1/ResourceClaimTemplate': object(
    {
      spec: strict(
        {
          metadata: { type: 'object' },
          spec: strict(
            {
              devices: strict(
                {
                  requests: {
                    type: 'array',
                    minItems: 1,
                    maxItems: 32,
                    items: strict(
                      {
                        name: { type: 'string', maxLength: 63, pattern: LABEL },
                        exactly: strict(
                          {
                            deviceClassName: TEXT,
                            allocationMode: { enum: ['ExactCount', 'All'] },
                            count: { type: 'integer', minimum: 1, maximum: 32 },
                          },
                          ['deviceClassName'],
                        ),
                      },
                      ['name', 'exactly'],
                    ),
                  },
                },
                ['requests'],
              ),
            },
            ['devices'],
          ),
        },
        ['spec'],
      ),
    },
    ['spec'],
    ['name', 'namespace'],
  ),
  'v1/PersistentVolumeClaim': object(
    {
      spec: strict(
        {
          ...VOLUME,
          volumeName: TEXT,
          selector: { type: 'object' },
          resources: strict({ requests: strict({ storage: QUANTITY }, ['storage']) }, ['requests']),
        },
        ['accessModes', 'resources'],
      ),
    },
    ['spec'],
  ),
};

/** Subjects that are service accounts have a namespace and no API group. */
const SUBJECT = {
  oneOf: [
    strict({ apiGroup: TEXT, kind: { enum: ['User', 'Group'] }, name: TEXT }, ['apiGroup', 'kind', 'name']),
    strict({ kind: { const: 'ServiceAccount' }, name: TEXT, namespace: TEXT }, ['kind', 'name', 'namespace']),
  ],
};
const RULE = strict(
  {
    apiGroups: { type: 'array', items: { type: 'string' } },
    resources: { type: 'array', items: TEXT },
    verbs: { type: 'array', items: TEXT },
  },
  ['apiGroups', 'resources', 'verbs'],
);

// Source: the API reference of Kubernetes v1.36: apps/v1 DaemonSet and rbac.authorization.k8s.io/v1.
/** Built-in objects that contain pods, described like custom resources. */
export const POD_OBJECTS: readonly CustomResource[] = [
  {
    group: 'apps',
    version: 'v1',
    kind: 'DaemonSet',
    schema: strict(
      {
        apiVersion: TEXT,
        kind: TEXT,
        metadata: { type: 'object' },
        spec: strict(
          {
            selector: strict({ matchLabels: TEXTS }, ['matchLabels']),
            updateStrategy: strict({ type: { enum: ['RollingUpdate', 'OnDelete'] } }),
            template: { 'x-ref': 'PodTemplateSpec' },
          },
          ['selector', 'template'],
        ),
      },
      ['spec'],
    ),
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'ClusterRole',
    schema: strict(
      { apiVersion: TEXT, kind: TEXT, metadata: { type: 'object' }, rules: { type: 'array', items: RULE } },
      ['rules'],
    ),
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'ClusterRoleBinding',
    schema: strict(
      {
        apiVersion: TEXT,
        kind: TEXT,
        metadata: { type: 'object' },
        roleRef: strict({ apiGroup: TEXT, kind: { enum: ['ClusterRole'] }, name: TEXT }, ['apiGroup', 'kind', 'name']),
        subjects: { type: 'array', items: SUBJECT },
      },
      ['roleRef'],
    ),
  },
];

const NUMBER = { type: 'integer' };
const DURATION = { type: 'string', pattern: '^([0-9]+(h|m|s))+$' };
const FLAG = { type: 'boolean' };

// Source: kubernetes-sigs/kueue@v0.19.2:apis/config/v1beta2/configuration_types.go, the fields in use here.
/** Strict schema of the Kueue configuration, which is not a custom resource. */
export const KUEUE_CONFIGURATION: JsonSchema = strict(
  {
    apiVersion: { const: 'config.kueue.x-k8s.io/v1beta2' },
    kind: { const: 'Configuration' },
    health: strict({ healthProbeBindAddress: TEXT }),
    metrics: strict({ bindAddress: TEXT, enableClusterQueueResources: FLAG }),
    webhook: strict({ port: NUMBER }),
    leaderElection: strict({ leaderElect: FLAG, resourceName: TEXT }),
    controller: strict({ groupKindConcurrency: { type: 'object', additionalProperties: NUMBER } }),
    clientConnection: strict({ qps: NUMBER, burst: NUMBER }),
    waitForPodsReady: strict(
      {
        timeout: DURATION,
        recoveryTimeout: DURATION,
        blockAdmission: FLAG,
        requeuingStrategy: strict({
          timestamp: { enum: ['Eviction', 'Creation'] },
          backoffBaseSeconds: NUMBER,
          backoffMaxSeconds: NUMBER,
          backoffLimitCount: NUMBER,
        }),
      },
      ['timeout'],
    ),
    integrations: strict({ frameworks: { type: 'array', items: { enum: frameworks() } } }),
    resources: strict({
      excludeResourcePrefixes: { type: 'array', items: TEXT },
      deviceClassMappings: {
        type: 'array',
        items: strict({ name: TEXT, deviceClassNames: { type: 'array', items: TEXT, minItems: 1, maxItems: 8 } }, [
          'name',
          'deviceClassNames',
        ]),
      },
    }),
  },
  ['apiVersion', 'kind', 'health', 'metrics', 'webhook', 'leaderElection', 'waitForPodsReady', 'integrations'],
);

// Source: kubernetes-sigs/kueue@v0.19.2:charts/kueue/values.yaml, the frameworks that its default names or comments out.
function frameworks(): string[] {
  const kubeflow = ['mpijob', 'paddlejob', 'pytorchjob', 'tfjob', 'xgboostjob', 'jaxjob'];
  return [
    ...['batch/job', 'jobset.x-k8s.io/jobset', 'trainer.kubeflow.org/trainjob', 'workload.codeflare.dev/appwrapper'],
    ...['ray.io/rayjob', 'ray.io/rayservice', 'ray.io/raycluster', 'leaderworkerset.x-k8s.io/leaderworkerset'],
    ...['pod', 'deployment', 'statefulset', 'sparkoperator.k8s.io/sparkapplication'],
    ...kubeflow.map((kind) => `kubeflow.org/${kind}`),
  ];
}

function object(
  properties: Record<string, unknown>,
  required: string[] = [],
  metadata = ['name', 'namespace'],
): JsonSchema {
  const own = { ...METADATA, required: metadata };
  return strict({ apiVersion: TEXT, kind: TEXT, metadata: own, ...properties }, [
    'apiVersion',
    'kind',
    'metadata',
    ...required,
  ]);
}

function strict(properties: Record<string, unknown>, required: string[] = []): JsonSchema {
  return {
    type: 'object',
    properties: properties as Record<string, JsonSchema>,
    additionalProperties: false,
    required,
  };
}
