import type { IConstruct } from 'constructs';
import { CONSTRUCT, assertProps, required, validateProps, STRING } from './prop-schema';
import { ProblemCollector } from './errors';
import { nearest } from './nearest';

/** Severity of a finding. A contradiction is never a finding: it throws. */
export type FindingLevel = 'warning' | 'info';

/** A warning or a piece of advice that does not stop the synthesis. */
export interface Finding {
  /** Stable ID, as `<subject>/<doubt>`. Use it to acknowledge the finding. */
  readonly id: FindingId;
  /** Severity. */
  readonly level: FindingLevel;
  /** The doubt, in one sentence. */
  readonly message: string;
  /** How to fix it, as an imperative sentence. */
  readonly fix: string;
  /** The table row, limit, or document that the finding is based on. */
  readonly evidence: string;
}

/** Every finding ID and its meaning. `docs/findings.md` is generated from this table. */
export const FINDING_IDS = {
  'fabric/partial-ultraserver': 'The nodes do not fill whole UltraServers.',
  'fabric/not-full': 'The nodes use fewer EFA interfaces than the machine has.',
  'fabric/unwired': 'The machine has a fabric that this library cannot connect pods to yet.',
  'fabric/claimed': 'Pods claim the fabric interfaces, so their image must include the fabric libraries.',
  'fabric/no-proof': 'The fabric is connected, but no known image can test it.',
  'fabric/no-efa': 'Several nodes train together without EFA.',
  'fabric/scale-set': 'More nodes share one InfiniBand fabric than a scale set supports by default.',
  'nodes/health': 'Whether node faults are detected and repaired depends on who installs the driver.',
  'machine/unverified': 'A value in the machine table was not read in a source.',
  'machine/precision': 'The chip does not support the precision of the job.',
  'machine/region': 'No source lists the machine in that region or zone.',
  'location/unlisted': 'The list of regions of this library does not have the region.',
  'capacity/on-demand-scarce':
    'The machine has no published on-demand price: it is sold by reservation or capacity block.',
  'capacity/scaled-to-zero': 'The node group for the capacity block has a desired size of 0.',
  'capacity/foreign-autoscaler': 'An autoscaler of an existing cluster can remove nodes of a capacity block.',
  'capacity/expires': 'The capacity ends on a fixed date.',
  'capacity/allowlist': 'The machine is sold in that market only to accounts on an allowlist.',
  'capacity/queued-slice': 'Sources disagree on whether a TPU slice can be queued.',
  'capacity/reservation-region': 'Whether the machine can be reserved depends on the region.',
  'quota/nodes-per-group': 'The node group is larger than the default quota of the account.',
  'spot/no-checkpoints': 'Spot nodes can be reclaimed, but no checkpoint storage is declared.',
  'spot/no-fallback': 'Spot capacity can be unavailable, and there is no fallback.',
  'storage/other-zone': 'The file system is in a different zone than the nodes.',
  'storage/efa-clients': 'The file system supports EFA, but the nodes that mount it do not.',
  'storage/efa-connections': 'The nodes can open more EFA connections than the file system supports.',
  'access/no-admins': 'No role administers the cluster, so no one can use kubectl with it.',
  'access/no-grant': 'An existing controller has no permissions on the resources that it must manage.',
  'network/no-egress': 'Software is installed from the internet, but the subnets have no route to it.',
  'storage/grows-only': 'The file system size follows the nodes or the job, and can never shrink.',
  'cost/policy-denies': 'The policy rejects resources without tags, including those that services create.',
  'alerts/no-subscriber': 'No email address subscribes to the topic of the alarms.',
  'cost/no-budget': 'AWS Budgets is not available in the region.',
  'network/public-api': 'The Kubernetes API is reachable from the internet.',
  'network/one-zone-egress': 'All egress uses one NAT gateway.',
  'memory/fit': 'The workload nearly fills the memory of an accelerator.',
  'memory/concurrency': 'Memory fits only a few more concurrent requests than the load has.',
  'memory/long-sequence': 'Each accelerator holds a whole long sequence.',
  'nodes/domain': 'The nodes do not fill whole slices, UltraServers, or racks.',
  'nodes/layout': 'The number of accelerators cannot be divided over the split of the model and the batch.',
  'fabric/rdma': 'The network between nodes may be too slow for the data that they exchange.',
  'fabric/domain': 'Accelerators that share one matrix are not in one scale-up domain.',
  'storage/checkpoint-slow': 'Writing checkpoints takes a significant share of the time.',
  'storage/throughput': 'The storage is small or slow for the data that the job reads and keeps.',
  'time/deadline': 'The probability of meeting the deadline is below that of the job.',
  'latency/target': 'The expected latency is above the target, although the hardware could meet it.',
  'spot/goodput': 'On spot nodes, less than half of the time is useful work.',
  'cost/commitment': 'The purchase is a commitment for years and cannot be canceled.',
  'cost/price': 'The price is missing, old, or undated.',
  'cost/budget': 'The probability of staying within the budget is below that of the job.',
  'evidence/no-measurement': 'No published run matches this chip, precision, and kind of model.',
  'cost/region':
    'The prices are for another region: no price is listed for the region, or it is known only at deployment.',
  'storage/keyless-blob-integration':
    'The file system uses a bucket without account keys, although the documentation requires them.',
  'storage/size-by-ticket': 'The file system is larger than the documented limit and needs a support ticket.',
  'storage/subnet-size': 'No documentation gives the subnet size for a file system of that size.',
  'storage/no-endpoint': 'The bucket is closed to the internet and has no private endpoint.',
  'storage/plain-nfs': 'The bucket is mounted over NFS, which does not encrypt traffic.',
  'storage/unknown-throughput': 'The throughput of the existing file system is unknown and was not checked.',
  'cost/budget-at-synthesis': 'The budget is compared with the plan only, and watches no bill.',
  'quota/dimensions': 'The alarm may need more dimensions of the quota.',
  'policy/unconfirmed-condition': 'No source confirms how the service evaluates a condition of the policy.',
  'storage/no-mount-address':
    'The address of the file system is known only after the deployment, and nodes cannot mount it before.',
  'storage/bucket-tag': 'An existing bucket needs a tag that this library cannot add.',
  'encryption/none': 'Data at rest is not encrypted.',
  'encryption/unconfirmed-key': 'Sources disagree on whether the service accepts a key of yours.',
  'batch/idle-machines': 'The workflow starts fewer shards at once than the machines can run.',
  'batch/coarse-failures': 'A task with several shards fails as a whole, and all of its shards run again.',
  'batch/unpriced-market': 'A market that the run uses has no price, so the cost is unknown.',
  'image/mutable': 'An image is referenced by a tag, whose content can change.',
  'image/driver': 'The driver of the service is older than the driver that the image was built for.',
  'serving/isolated-replicas':
    'The plan has isolated replicas of a large mixture of experts. Published deployments without such replicas need fewer accelerators.',
  'serving/archived': 'The model server is no longer maintained.',
  'serving/shared-memory':
    'The server needs shared memory between accelerators, but SageMaker does not let you size it.',
  'serving/one-replica': 'One replica answers all requests, so a zone failure, update, or crash stops the endpoint.',
  'serving/one-zone': 'All replicas run in one zone, so a zone failure stops the endpoint.',
  'serving/cold-start': 'An endpoint scaled to zero rejects requests until the first instance is ready.',
  'serving/zero-region': 'The region is reported to reject endpoints with zero instances.',
  'serving/capture': 'Data capture for inference components is not documented.',
  'serving/request-timeout': 'A response may take longer than the endpoint timeout.',
  'network/public-endpoint': 'The endpoint accepts authorized requests from the internet.',
  'cost/unlabelled': 'A resource does not support labels, so bills and budgets by label do not include it.',
  'network/open-container': 'The containers of an endpoint can reach the internet without passing through your VPC.',
  'encryption/registry-key':
    'The image registry cannot pass the firewall of a key vault, so it uses a key managed by the cloud.',
  'encryption/disk-key': 'Nodes start only if the policy of their disk key allows it, which was not checked.',
  'cluster/version': 'The cloud no longer supports the Kubernetes version of the existing cluster.',
  'cluster/add-ons': 'The existing cluster must have add-ons that were not checked.',
  'encryption/local-disk': 'Local disks are encrypted in hardware, without a key of yours.',
  'model/no-digest': 'The model artifact is named by version only, and no digest proves its content.',
  'model/size': 'The size of the model artifact differs from the size of the declared weights.',
  'gateway/open-to-network': 'Anyone who can reach the private gateway or endpoint can call it.',
  'gateway/below-load': 'The limits or timeouts of the gateway are below the load of its endpoint.',
  'gateway/unscreened': 'Prompts and responses of the model are not screened.',
  'gateway/guardrail-draft': 'The gateway uses the draft of a guardrail, which can change at any time.',
  'gateway/body-beyond-firewall': 'Requests can be larger than the part that the firewall inspects.',
  'gateway/buffered': 'Callers receive a response only after it is complete.',
  'gateway/stream-in-windows': 'A streamed response is screened in parts, and can be cut off.',
  'perimeter/dry-run': 'The service perimeter logs violations, but blocks nothing.',
  'perimeter/locked': 'The service perimeter blocks all access, including deployments from outside.',
  'perimeter/open': 'A rule of the service perimeter allows everyone.',
  'network/policies': 'Whether the existing cluster enforces network policies is unknown.',
  'network/plain-requests': 'Requests to the model cross the network unencrypted.',
  'nodes/latest-image': 'Nodes use the latest image, and are replaced when a newer image appears.',
  'gateway/pool-kind': 'Whether the cluster supports inference pools depends on its version, which is not set.',
  'scaling/adapter': 'Replicas scale on metrics of an adapter that is not installed here.',
  'scaling/from-zero': 'The autoscaler can scale from zero only if it receives the resources of a node.',
  'scaling/fixed-nodes': 'Replicas scale, but their nodes always run.',
  'serving/one-request': 'An instance receives one request at a time, which is the default of the service.',
  'quota/upgrade-reserve': 'A deployment update needs 20 percent more quota than its instances.',
  'quota/endpoint-rate': 'The load exceeds the default rate limit of the endpoint.',
  'time/job-limit': 'The job may take longer than the time limit of the service.',
  'network/no-private-endpoint': 'A resource is closed to the internet and has no private endpoint here.',
  'network/public-workspace': 'A workspace or registry is reachable from the internet.',
  'network/managed-firewall': 'Outbound rules for host names create a firewall that is billed by the hour.',
  'cost/extra-resources': 'A customer-managed key creates more billed resources in the subscription.',
  'image/no-builder': 'Images are built on a workspace compute, but none is set.',
  'scaling/utilization': 'Instances scale on accelerator utilization, which a batching server keeps high.',
  'model/leaves-region': 'Prompts can be processed in other regions than the account region.',
  'model/auto-upgrade': 'The provider can upgrade the deployed model to another version.',
  'model/retires': 'A deployment stops responding when its model version is retired.',
  'gateway/unproven-screening':
    'The gateway signs requests to the screening service with a setting that no published schema contains.',
  'gateway/no-sla': 'The gateway tier has no service level agreement.',
  'gateway/unresolved': 'No network can resolve the name of the private gateway yet.',
  'serving/open-to-network': 'Anyone who can reach the network of the served model can call it.',
  'access/service-roles': 'The account must have service roles that were not checked.',
  'access/node-role': 'Nodes have a role without permissions, which was not tested with each add-on.',
  'access/permissions-owner': 'Terraform replaces all permissions of an administrator in the clusters of the account.',
  'placement/unlisted': 'Two pages of the cloud disagree whether the machine supports placement.',
  'fabric/mtu': 'The fabric has smaller packets unless the instances have jumbo frames, which cannot be set.',
  'image/mirror': 'Nodes in the region may not reach the public registries of the default images.',
} as const;

/** The stable ID of a finding. */
export type FindingId = keyof typeof FINDING_IDS;

/** The metadata type of findings on a construct. Tools that read a construct tree need only this name. */
export const FINDING_METADATA = 'ai-infra:finding';

/** The metadata type of acknowledgements on a construct. */
export const ACKNOWLEDGEMENT_METADATA = 'ai-infra:acknowledged';

/** The reason to accept a finding, for a construct and all constructs below it. */
export interface Acknowledgement {
  readonly id: FindingId;
  readonly reason: string;
}

/** A finding, the construct that recorded it, and its acknowledgement. */
export interface RecordedFinding extends Finding {
  /** Path of the construct. */
  readonly constructPath: string;
  /** The reason of the acknowledgement. @default - the finding is open */
  readonly acknowledged?: string;
}

/** Returns the findings of a construct and all constructs below it, in tree order. A CI gate can filter those without `acknowledged`. */
export function findingsOf(scope: IConstruct): RecordedFinding[] {
  assertProps({ scope }, { scope: required(CONSTRUCT) });
  return scope.node.findAll().flatMap(findingsAt);
}

/** Returns the findings of one construct. */
export function findingsAt(construct: IConstruct): RecordedFinding[] {
  return entriesOf<Finding>(construct, FINDING_METADATA).map((finding) => ({
    ...finding,
    constructPath: construct.node.path,
    acknowledged: reasonFor(construct, finding.id),
  }));
}

/** Returns the reason of the acknowledgement closest to the construct. */
function reasonFor(construct: IConstruct, id: FindingId): string | undefined {
  const acknowledgements = [...construct.node.scopes]
    .reverse()
    .flatMap((each) => entriesOf<Acknowledgement>(each, ACKNOWLEDGEMENT_METADATA));
  return acknowledgements.find((each) => each.id === id)?.reason;
}

function entriesOf<T>(construct: IConstruct, type: string): T[] {
  return construct.node.metadata.filter((entry) => entry.type === type).map((entry) => entry.data as T);
}

/** Accepts a finding for a construct and all constructs below it. Throws if the construct, finding ID, or reason is invalid. */
export function recordAcknowledgement(scope: IConstruct, id: FindingId, reason: string): void {
  checkAcknowledgement(scope, id, reason);
  scope.node.addMetadata(ACKNOWLEDGEMENT_METADATA, { id, reason } satisfies Acknowledgement);
}

function checkAcknowledgement(scope: IConstruct, id: unknown, reason: unknown): void {
  const problems = new ProblemCollector();
  const typed = validateProps(
    problems,
    { scope, id, reason },
    { scope: required(CONSTRUCT), id: required(STRING), reason: required(STRING) },
  );
  if (typed && !Object.hasOwn(FINDING_IDS, id as string)) {
    const meant = nearest(id as string, Object.keys(FINDING_IDS), 1).join('');
    problems.add({
      code: 'FindingUnknown',
      prop: 'id',
      allowed: 'the ID of a finding',
      got: id,
      fix: meant ? `Did you mean ${meant}?` : 'Copy the ID from the finding.',
    });
  }
  problems.throwIfAny(typed ? scope : undefined);
}
