import { type AcceleratorPool, type KubernetesManifest, onPools } from '../../kubernetes';

/** The Azure Managed Lustre CSI driver. */
export const LUSTRE_DRIVER = 'azurelustre.csi.azure.com';

const NAMESPACE = 'kube-system';
const ACCOUNT = 'csi-azurelustre-node';
const HEALTH_PORT = 29763;

/**
 * Node agent by Ubuntu release. It installs the Lustre client for the kernel.
 *
 * Source: kubernetes-sigs/azurelustre-csi-driver v0.4.0, deploy (no chart exists); read 2026-11. Dynamic provisioning is left out, because
 * the file system exists already.
 */
const FLAVORS = {
  jammy: { releases: ['Ubuntu2204'], client: { version: '2.15.7', suffix: '33-g79ddf99' } },
  noble: { releases: ['Ubuntu2404'], client: { version: '2.16.1', suffix: '14-gbc76088' } },
} as const;

const IMAGES = {
  driver: 'mcr.microsoft.com/oss/v2/kubernetes-csi/azurelustre-csi:v0.4.0',
  registrar: 'mcr.microsoft.com/oss/kubernetes-csi/csi-node-driver-registrar:v2.13.0',
  probe: 'mcr.microsoft.com/oss/kubernetes-csi/livenessprobe:v2.15.0',
} as const;

const KUBELET = '/var/lib/kubelet';
const SOCKET = `${KUBELET}/plugins/${LUSTRE_DRIVER}/csi.sock`;

/** The driver for the nodes of some pools: registration, RBAC, and an agent for each Ubuntu release of AKS. */
export function lustreDriver(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: LUSTRE_DRIVER },
      spec: { attachRequired: false, podInfoOnMount: true, fsGroupPolicy: 'File' },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace: NAMESPACE } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: ACCOUNT },
      // It removes a taint from its node after it installed the client.
      rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'patch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: ACCOUNT },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ACCOUNT },
      subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }],
    },
    ...(['jammy', 'noble'] as const).map((flavor) => agent(flavor, pools)),
  ];
}

function agent(flavor: keyof typeof FLAVORS, pools: readonly AcceleratorPool[]): KubernetesManifest {
  const labels = { 'app.kubernetes.io/name': ACCOUNT, flavor };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: `${ACCOUNT}-${flavor}`, namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      template: { metadata: { labels }, spec: podOf(flavor, pools) },
    },
  };
}

function podOf(flavor: keyof typeof FLAVORS, pools: readonly AcceleratorPool[]): object {
  return {
    hostNetwork: true,
    dnsPolicy: 'Default',
    serviceAccountName: ACCOUNT,
    priorityClassName: 'system-node-critical',
    tolerations: [{ operator: 'Exists' }],
    affinity: onRelease(pools, FLAVORS[flavor].releases),
    containers: [probe(), registrar(), driver(flavor)],
    volumes: [
      hostPath('socket', `${KUBELET}/plugins/${LUSTRE_DRIVER}`, 'DirectoryOrCreate'),
      hostPath('registration', `${KUBELET}/plugins_registry`, 'Directory'),
      hostPath('mounts', KUBELET, 'Directory'),
      hostPath('devices', '/dev', 'Directory'),
      hostPath('azure', '/etc/kubernetes', 'DirectoryOrCreate'),
      hostPath('release', '/etc/os-release', 'File'),
    ],
  };
}

/** Affinity to nodes with an Ubuntu release, which AKS adds as a label. */
function onRelease(pools: readonly AcceleratorPool[], releases: readonly string[]): object {
  const { nodeAffinity } = onPools(pools) as {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: { matchExpressions: object[] }[] };
    };
  };
  const [term] = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
  const release = { key: 'kubernetes.azure.com/os-sku-effective', operator: 'In', values: [...releases] };
  const nodeSelectorTerms = [{ matchExpressions: [...term!.matchExpressions, release] }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

const SMALL = { requests: { cpu: '10m', memory: '20Mi' }, limits: { cpu: '100m', memory: '100Mi' } };

function probe(): object {
  return {
    name: 'liveness-probe',
    image: IMAGES.probe,
    args: ['--csi-address=/csi/csi.sock', '--probe-timeout=120s', `--health-port=${HEALTH_PORT}`],
    resources: SMALL,
    volumeMounts: [mount('socket', '/csi')],
  };
}

function registrar(): object {
  return {
    name: 'node-driver-registrar',
    image: IMAGES.registrar,
    args: ['--csi-address=/csi/csi.sock', `--kubelet-registration-path=${SOCKET}`],
    resources: SMALL,
    volumeMounts: [mount('socket', '/csi'), mount('registration', '/registration')],
  };
}

function driver(flavor: keyof typeof FLAVORS): object {
  const { version, suffix } = FLAVORS[flavor].client;
  const readiness = { exec: { command: ['/app/readinessProbe.sh'] } };
  return {
    name: 'azurelustre',
    image: `${IMAGES.driver}-${flavor}`,
    args: ['--endpoint=unix:///csi/csi.sock', '--nodeid=$(KUBE_NODE_NAME)'],
    env: [
      { name: 'CSI_ENDPOINT', value: 'unix:///csi/csi.sock' },
      { name: 'AZURELUSTRE_CSI_INSTALL_LUSTRE_CLIENT', value: 'yes' },
      { name: 'LUSTRE_VERSION', value: version },
      { name: 'CLIENT_SHA_SUFFIX', value: suffix },
      { name: 'KUBE_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
    ports: [{ name: 'healthz', containerPort: HEALTH_PORT, protocol: 'TCP' }],
    livenessProbe: {
      httpGet: { path: '/healthz', port: 'healthz' },
      initialDelaySeconds: 60,
      timeoutSeconds: 10,
      periodSeconds: 30,
      failureThreshold: 5,
    },
    readinessProbe: { ...readiness, initialDelaySeconds: 10, timeoutSeconds: 10, periodSeconds: 30 },
    // The agent installs the client first.
    startupProbe: { ...readiness, initialDelaySeconds: 10, timeoutSeconds: 5, periodSeconds: 5, failureThreshold: 120 },
    lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'lustre_rmmod'] } } },
    securityContext: { privileged: true },
    resources: { requests: { cpu: '10m', memory: '20Mi' }, limits: { cpu: '1', memory: '200Mi' } },
    volumeMounts: [
      mount('socket', '/csi'),
      { ...mount('mounts', `${KUBELET}/`), mountPropagation: 'Bidirectional' },
      mount('azure', '/etc/kubernetes/'),
      mount('devices', '/dev'),
      mount('release', '/etc/host-os-release'),
    ],
  };
}

function mount(name: string, mountPath: string): { name: string; mountPath: string } {
  return { name, mountPath };
}

function hostPath(name: string, path: string, type: string): object {
  return { name, hostPath: { path, type } };
}
