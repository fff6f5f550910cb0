import type { KubernetesManifest } from '../../kubernetes';
import { POOL_LABEL } from '../../kubernetes/pool';

import { acceleratorResource } from '../nodes/node-resources';
import { acceleratorsOf } from './replica-layout';
import type { SizedInference } from './sized-inference';

/** Values of one deployment that the objects of Karpenter hold: tokens, or names of variables. */
export interface KarpenterValues {
  readonly instanceProfile: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** @default - no capacity is reserved */
  readonly reservationId?: string;
  /** @default - the account's default EBS key */
  readonly volumeKey?: string;
  /** Tags of all that it makes, a token or plain. */
  readonly tags: unknown;
}

/** How Karpenter makes the machines of a model: which, from what image, in which market, and how many at most. */
export function karpenterManifests(sized: SizedInference, values: KarpenterValues): KubernetesManifest[] {
  return [nodeClass(sized, values), nodePool(sized)];
}

/** @see https://karpenter.sh/docs/concepts/nodeclasses/ */
function nodeClass({ props }: SizedInference, values: KarpenterValues): KubernetesManifest {
  const { name, nodes, machine, rootVolumeGiB } = props;
  const { reservationId, volumeKey, tags } = values;
  return {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name },
    spec: {
      amiSelectorTerms: [{ alias: `al2023@${nodes.options.imageVersion ?? 'latest'}` }],
      instanceProfile: values.instanceProfile,
      subnetSelectorTerms: values.subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: [{ id: values.securityGroupId }],
      associatePublicIPAddress: false,
      ...(reservationId !== undefined && { capacityReservationSelectorTerms: [{ id: reservationId }] }),
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          rootVolume: true,
          ebs: {
            volumeType: 'gp3',
            volumeSize: `${rootVolumeGiB}Gi`,
            encrypted: true,
            ...(volumeKey !== undefined && { kmsKeyID: volumeKey }),
            deleteOnTermination: true,
          },
        },
      ],
      // Local disks are one array under pods and images.
      ...((machine.spec.localNvmeGB ?? 0) > 0 && { instanceStorePolicy: 'RAID0' }),
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpProtocolIPv6: 'disabled',
        httpTokens: 'required',
        // Pods behind the node's network reach IMDS with one hop more; the model's own may not, by their network policy.
        httpPutResponseHopLimit: 2,
      },
      detailedMonitoring: true,
      tags,
    },
  };
}

/** @see https://karpenter.sh/docs/concepts/nodepools/ */
function nodePool({ props, machines }: SizedInference): KubernetesManifest {
  const { name, machine } = props;
  const key = acceleratorResource(machine);
  const one = (label: string, ...values: string[]) => ({ key: label, operator: 'In', values });
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name },
    spec: {
      template: {
        metadata: { labels: { [POOL_LABEL]: name } },
        spec: {
          nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name },
          requirements: [
            one('node.kubernetes.io/instance-type', machine.name),
            one('karpenter.sh/capacity-type', ...capacityTypes(props)),
            one('kubernetes.io/arch', machine.spec.arch),
          ],
          taints: [{ key, value: 'present', effect: 'NoSchedule' }],
          // A replica takes long to come back: only a change of the image or of these objects replaces its machine.
          expireAfter: 'Never',
        },
      },
      limits: { [key]: String(machines * acceleratorsOf(machine)) },
      disruption: {
        consolidationPolicy: 'WhenEmpty',
        consolidateAfter: '10m',
        budgets: [{ nodes: '1' }],
      },
    },
  };
}

function capacityTypes({ capacity }: SizedInference['props']): string[] {
  if (capacity.usesReservation || capacity.createsReservation) return ['reserved'];
  return [capacity.market, ...(capacity.fallback ? [capacity.fallback.market] : [])];
}
