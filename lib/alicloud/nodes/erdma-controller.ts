import { createHash } from 'node:crypto';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { KubernetesManifest } from '../../kubernetes';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';
import { RawChart } from '../../terraform/raw-chart';
import type { ControlPlane } from '../cluster/control-plane';

/** Properties for `ErdmaController`. */
export interface ErdmaControllerProps {
  /** The new cluster. */
  readonly controlPlane: ControlPlane;
  /** Whether Terraform configures Terway. */
  readonly byDeployment: boolean;
  /** Nodes that run the controller. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Settings of the add-on: the driver for GPUs with GPUDirect RDMA, and all interfaces of a node for each pod that requests one. Devices of one interface
 * would need the static CPU policy.
 *
 * Source: AliyunContainerService/alibabacloud-erdma-controller 72e8f0c, deploy/helm/values.yaml; read 2026-11.
 */
const CONFIG = { agent: { preferDriver: 'ofed', allocateAllDevices: true } };
const NAME = 'terway-erdma-filter';
const NAMESPACE = 'kube-system';

/**
 * eRDMA on the nodes of a new cluster. Nodes must join after it, because Terway keeps an eRDMA interface that it finds first.
 *
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-erdma-in-ack-clusters
 */
export class ErdmaController extends Construct {
  /** Resources that must exist before nodes with eRDMA join. */
  public readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { controlPlane, byDeployment, after }: ErdmaControllerProps) {
    super(scope, id);
    checkProviders(this);
    const addOn = controlPlane.addAddOn('ack-erdma-controller', { config: CONFIG, after });
    const { region } = controlPlane.network;
    this.ready = [addOn];
    if (byDeployment) {
      const manifests = terwayFilter(region);
      this.ready = [new RawChart(this, 'Terway', { manifests, waitForJobs: true, after: [...after, addOn] }).release];
    } else {
      record(this, {
        id: 'cluster/add-ons',
        level: 'warning',
        message: 'Terway keeps the eRDMA interfaces of nodes that join before your GitOps tool configures it.',
        fix: `Deploy without these groups first, apply the job ${jobName(region)}, then add the groups and acknowledge this finding.`,
        evidence: PAGE,
      });
    }
    record(this, {
      id: 'image/mutable',
      level: 'info',
      message: 'The job that configures Terway uses an image that ACK publishes under a mutable tag.',
      fix: 'Check the log of the job after the first deployment.',
      evidence: imageOf(region),
    });
  }
}

const PAGE =
  'https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-erdma-in-ack-clusters';

/** The pod of a job can never change, so a changed job has another name. */
function jobName(region: string): string {
  return `${NAME}-${createHash('sha256').update(SCRIPT).update(imageOf(region)).digest('hex').slice(0, 8)}`;
}

/** Source: aliyun-computenest/quickstart-robot-solution, the ROS template for ACK; read 2026-11. */
function imageOf(region: string): string {
  return `registry-vpc.${region}.aliyuncs.com/acs/kubectl:latest`;
}

/** Adds the filter as the first member of the JSON object. Its lines become one, so that only the first brace changes. */
const ADD_FILTER = `tr -d '\\n' | sed 's/{/{"eni_tag_filter":{"creator":"terway"},/'`;

/** Adds the tag filter to the configuration of Terway, if it is missing, and waits until its agents are healthy, also in a second attempt. */
const SCRIPT = `set -eu
kubectl -n kube-system get configmap eni-config -o jsonpath='{.data.eni_conf}' > /tmp/eni_conf
if grep -q eni_tag_filter /tmp/eni_conf; then
  echo 'Terway has a tag filter already'
else
  ${ADD_FILTER} < /tmp/eni_conf > /tmp/new_conf
  kubectl create configmap eni-config --from-file=eni_conf=/tmp/new_conf --dry-run=client -o json > /tmp/patch
  kubectl -n kube-system patch configmap eni-config --type merge --patch "$(cat /tmp/patch)"
  kubectl -n kube-system rollout restart daemonset/terway-eniip
fi
kubectl -n kube-system rollout status daemonset/terway-eniip --timeout=420s
`;

/**
 * The objects that make Terway manage only the network interfaces that it creates. ACK has no setting for it.
 *
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/terway-configuration-parameters
 */
export function terwayFilter(region: string): KubernetesManifest[] {
  const metadata = { name: NAME, namespace: NAMESPACE };
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        { apiGroups: [''], resources: ['configmaps'], resourceNames: ['eni-config'], verbs: ['get', 'patch'] },
        { apiGroups: ['apps'], resources: ['daemonsets'], resourceNames: ['terway-eniip'], verbs: ['get', 'patch'] },
        { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['list', 'watch'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...metadata, name: jobName(region) },
      spec: {
        backoffLimit: 4,
        template: {
          spec: {
            restartPolicy: 'Never',
            serviceAccountName: NAME,
            containers: [
              {
                name: 'kubectl',
                image: imageOf(region),
                command: ['/bin/sh', '-c', SCRIPT],
                resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
              },
            ],
          },
        },
      },
    },
  ];
}
