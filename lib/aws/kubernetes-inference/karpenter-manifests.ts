import type { KubernetesManifest } from '../../kubernetes';
import { POOL_LABEL } from '../../kubernetes/pool';
import { acceleratorResource } from '../nodes/node-resources';
import { acceleratorsOf } from './replica-layout';
import type { ResolvedInference } from './resolved-inference';

/** Values that Karpenter objects take from the deployment: tokens, or names of variables. */
export interface KarpenterValues {
  readonly instanceProfile: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** ID of the capacity reservation. @default - no reserved capacity */
  readonly reservationId?: string;
  /** ARN of the KMS key of the boot disks. @default - the default EBS key of the account */
  readonly volumeKey?: string;
  /** Tags of the resources that Karpenter creates, plain or a token. */
  readonly tags: unknown;
}

/** The Karpenter objects of a model: machine type, image, capacity type and maximum number of nodes. */
export function karpenterManifests(sized: ResolvedInference, values: KarpenterValues): KubernetesManifest[] {
  return [nodeClass(sized, values), nodePool(sized)];
}

/** @see https://karpenter.sh/docs/concepts/nodeclasses/ */
function nodeClass({ props }: ResolvedInference, values: KarpenterValues): KubernetesManifest {
  const { name, nodes, machine, bootDisk } = props;
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
            volumeSize: `${bootDisk.toGibibytes()}Gi`,
            encrypted: true,
            ...(volumeKey !== undefined && { kmsKeyID: volumeKey }),
            deleteOnTermination: true,
          },
        },
      ],
      // Local disks become one array for pods and images.
      ...((machine.spec.localNvmeGB ?? 0) > 0 && { instanceStorePolicy: 'RAID0' }),
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpProtocolIPv6: 'disabled',
        httpTokens: 'required',
        // Pods reach IMDS with one more hop. A network policy denies this to the pods of the model.
        httpPutResponseHopLimit: 2,
      },
      detailedMonitoring: true,
      tags,
    },
  };
}

/** @see https://karpenter.sh/docs/concepts/nodepools/ */
function nodePool({ props, machines }: ResolvedInference): KubernetesManifest {
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
          // A replica starts slowly, so only a change of the image or of these objects replaces its node.
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

function capacityTypes({ capacity }: ResolvedInference['props']): string[] {
  if (capacity.usesReservation || capacity.createsReservation) return ['reserved'];
  return [capacity.market, ...(capacity.fallback ? [capacity.fallback.market] : [])];
}
