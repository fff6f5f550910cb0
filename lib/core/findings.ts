import type { IConstruct } from 'constructs';
import { CONSTRUCT, demand, required } from './shapes';

/** How much a finding weighs. A contradiction is never a finding: it throws. */
export type FindingLevel = 'warning' | 'info';

/** A doubt or a piece of advice that does not stop the synthesis. */
export interface Finding {
  /** Stable id, `<subject>/<doubt>`: what to name when acknowledging it. */
  readonly id: FindingId;
  readonly level: FindingLevel;
  /** What is doubtful, in one sentence. */
  readonly message: string;
  /** What would mend it, as an imperative sentence. */
  readonly fix: string;
  /** The table row, limit or document behind it. */
  readonly evidence: string;
}

/** Every finding id and what it means. `docs/findings.md` is generated from this table. */
export const FINDING_IDS = {
  'fabric/partial-ultraserver': 'The nodes do not fill whole UltraServers.',
  'fabric/not-full': 'Fewer EFA interfaces are wired than the machine has.',
  'fabric/unwired': 'The machine has a fabric that pods reach by no means of this library yet.',
  'fabric/claimed': 'Pods claim the interfaces of a fabric, and their image must bring its libraries.',
  'fabric/no-proof': 'The fabric is wired, and no image is known that would prove it.',
  'fabric/no-efa': 'Several nodes train together without EFA.',
  'fabric/scale-set': 'More nodes share one InfiniBand fabric than a scale set has without a raised limit.',
  'nodes/health':
    'What sees faults of accelerators on the nodes, and what mends them, follows from who installs the driver.',
  'machine/unverified': 'A figure of the machine table was not read in a source.',
  'machine/precision': 'The chip has no arithmetic of the precision of the job.',
  'machine/region': 'No source lists the machine in the region or zone that it is to run in.',
  'capacity/on-demand-scarce':
    'The machine has no published on-demand price: it is sold by reservation or capacity block.',
  'capacity/stands-at-zero': 'The group of a capacity block wants no node yet.',
  'capacity/expires': 'Capacity ends by itself at a date.',
  'capacity/allowlist': 'A machine is sold in that market to accounts on a list only.',
  'capacity/queued-slice': 'Sources disagree whether a slice of TPUs may be queued.',
  'capacity/reservation-region': 'Whether a capacity reservation takes the machine is a matter of the region.',
  'quota/nodes-per-group': 'The node group is larger than the default quota of the account.',
  'spot/no-checkpoints': 'Spot nodes can vanish, and no checkpoint store is declared.',
  'spot/no-fallback': 'Spot capacity may not be there, and nothing takes over.',
  'storage/other-zone': 'The file system stands in another zone than the nodes.',
  'storage/efa-clients': 'The file system speaks EFA, and the nodes that mount it have none.',
  'storage/efa-connections': 'The nodes may open more EFA connections than the file system takes.',
  'access/no-admins': 'No role administers the cluster, so nobody reaches it with kubectl.',
  'access/no-grant': 'A controller that a cluster runs already was granted no right to what it is to work on.',
  'network/no-egress': 'Software is installed from the internet, and the subnets have no way out.',
  'storage/grows-only': 'The size of the file system follows the nodes or the job, and can never shrink.',
  'cost/policy-denies': 'A policy refuses resources without tags, be it those that services make by themselves.',
  'cost/no-budget': 'The region has no AWS Budgets.',
  'network/public-api': 'The Kubernetes API is reachable from the internet.',
  'network/one-zone-egress': 'All egress goes through one NAT gateway.',
  'memory/fit': 'The workload nearly fills the memory of an accelerator.',
  'memory/concurrency': 'Few more requests than the load fit in memory at once.',
  'memory/long-sequence': 'A long sequence is held whole by each accelerator.',
  'nodes/layout': 'The accelerators cannot be dealt out to the split of the model and the batch.',
  'fabric/rdma': 'The network between nodes may be too slow for what they exchange.',
  'fabric/domain': 'What works on one matrix is not joined by one scale-up domain.',
  'storage/checkpoint-slow': 'Writing checkpoints takes a notable share of the time.',
  'storage/throughput': 'The storage is small or slow for what is read and kept.',
  'time/deadline': 'The pessimistic end of the time is later than the deadline.',
  'latency/target': 'The latency to expect is above the target, though physics allows it.',
  'spot/goodput': 'On spot nodes less than half of the time is work kept.',
  'cost/commitment': 'A purchase binds for years, and nothing takes it back.',
  'cost/price': 'The price is missing, old or undated.',
  'cost/budget': 'The pessimistic end of the cost is above the budget.',
  'evidence/no-measurement': 'No published run is of this chip, precision and kind of model.',
  'cost/region': 'The region is known only at deployment, and prices are of another.',
  'storage/keyless-blob-integration':
    'A file system is joined to a bucket without account keys, which the documentation asks for.',
  'storage/size-by-ticket': 'A file system is larger than the service documents: it is had by a support ticket.',
  'storage/subnet-size': 'No page tells the subnet of a file system of that size.',
  'storage/no-endpoint': 'A bucket is closed to the internet, and no private endpoint leads to it.',
  'storage/plain-nfs': 'A bucket is mounted by NFS, which encrypts nothing on the way.',
  'storage/unknown-throughput': 'What an existing file system reads and writes is not known, and was not checked.',
  'batch/idle-machines': 'The workflow starts fewer shards at once than the machines hold.',
  'batch/coarse-failures': 'A job of several shards fails as a whole, and all of them are done anew.',
  'batch/unpriced-market': 'A market of the run has no price, so its cost is not known.',
  'image/mutable': 'An image is named by a tag, which may come to mean other content.',
  'image/driver': 'The driver of a service is older than what an image was built for.',
  'serving/archived': 'The server of a model is no longer maintained.',
  'serving/shared-memory': 'A server shares memory between accelerators, and SageMaker lets nobody size it.',
  'serving/one-replica':
    'One copy answers all requests: its zone, its update and its failure are those of the endpoint.',
  'serving/wake-up': 'An endpoint without instances refuses requests until the first one is up.',
  'serving/zero-region': 'The region is reported to refuse endpoints without instances.',
  'serving/capture': 'It is not documented that requests to inference components are captured.',
  'serving/request-timeout': 'An answer may take longer than an endpoint waits for it.',
  'network/public-endpoint': 'An endpoint answers from the internet, to whom the account lets in.',
  'cost/unlabelled': 'A resource takes no labels, so that bills and budgets by label do not show it.',
  'network/open-container': 'Containers of an endpoint reach the internet, through no VPC of yours.',
  'encryption/registry-key':
    'A registry of images does not pass the firewall of a vault, and is under a key of the cloud.',
  'encryption/local-disk': 'Local disks are encrypted in hardware, under no key of yours.',
  'model/no-digest': 'A model artefact is named by its version, and nothing proves its content.',
  'model/size': 'The size of a model artefact and that of its declared weights differ.',
  'gateway/open-to-network': 'Whoever reaches a private gateway or endpoint may call it.',
  'gateway/below-load': 'A gateway lets through less, or waits shorter, than its endpoint must bear.',
  'gateway/unscreened': 'Nothing judges what goes to a model and what comes from it.',
  'gateway/guardrail-draft': 'A gateway applies the draft of a guardrail, which changes at any time.',
  'gateway/body-beyond-firewall': 'Requests may be larger than the firewall sees.',
  'gateway/buffered': 'Callers see nothing of an answer until all of it is there.',
  'gateway/stream-in-windows': 'A streamed answer is judged piece by piece, and may be cut off.',
  'perimeter/dry-run': 'A service perimeter logs what it would refuse, and refuses nothing.',
  'perimeter/locked': 'A service perimeter lets nobody in, and so no deployment from outside.',
  'perimeter/open': 'A rule of a service perimeter lets anyone pass.',
  'network/policies': 'Whether a cluster that was brought enforces network policies is not known.',
  'network/plain-requests': 'Requests to a model cross the network unencrypted.',
  'nodes/latest-image': 'Machines take the latest image, and are replaced whenever there is a newer one.',
  'gateway/pool-kind': 'Whether a cluster knows inference pools depends on its version, which is not stated.',
  'scaling/adapter': 'Replicas are scaled by metrics of an adapter that is not installed here.',
  'scaling/from-zero': 'Nodes come from none only where the autoscaler knows what they bring.',
  'scaling/standing-nodes': 'Replicas are scaled, and the machines below them all stand.',
  'serving/one-request': 'One request at a time reaches an instance, as the service has it where nothing is said.',
  'quota/upgrade-reserve': 'Updates of a deployment need a fifth more quota than its instances.',
  'quota/endpoint-rate': 'A load is above what an endpoint lets through before its limits are raised.',
  'time/job-limit': 'The pessimistic end of the time is later than the service lets a job run.',
  'network/no-private-endpoint': 'What is closed to the internet has no private endpoint here.',
  'network/public-workspace': 'A workspace or a registry is reachable from the internet.',
  'network/managed-firewall': 'Outbound rules for names of hosts make a firewall that costs by the hour.',
  'cost/extra-resources': 'A key of the customer makes further resources in the subscription, which cost.',
  'image/no-builder': 'Images are built by a compute of the workspace, and none is named.',
  'scaling/utilization': 'Instances are scaled by the use of accelerators, which a server that batches keeps high.',
  'model/leaves-region': 'Prompts may be processed in other regions than that of the account.',
  'model/moves': 'A model becomes another version whenever its vendor says so.',
  'model/ends': 'A deployment stops answering when the version of its model is retired.',
  'gateway/unproven-screening':
    'A gateway signs its requests to the service that judges in a way that no published schema has.',
  'gateway/no-promise': 'The tier of a gateway has no promise that it answers.',
  'gateway/unresolved': 'A private gateway is found by its name in no network yet.',
  'serving/open-to-network': 'Whoever reaches the network of a served model may call it.',
} as const;

/** The stable id of a finding. */
export type FindingId = keyof typeof FINDING_IDS;

/** The metadata type under which findings stand on a construct: readers of a tree need nothing but this name. */
export const FINDING_METADATA = 'ai-infra:finding';

/** The metadata type under which an acceptance of findings stands on a construct. */
export const ACKNOWLEDGEMENT_METADATA = 'ai-infra:acknowledged';

/** Why a finding is accepted, on a construct and all below it. */
export interface Acknowledgement {
  readonly id: FindingId;
  readonly reason: string;
}

/** A finding, where it was recorded, and whether someone accepted it. */
export interface RecordedFinding extends Finding {
  /** Path of the construct. */
  readonly constructPath: string;
  /** The reason of the acceptance. @default - the finding is open */
  readonly acknowledged?: string;
}

/** The findings recorded on a construct and below it, in tree order. A gate takes those that nobody acknowledged. */
export function findingsOf(scope: IConstruct): RecordedFinding[] {
  demand({ scope }, { scope: required(CONSTRUCT) });
  return scope.node.findAll().flatMap(findingsAt);
}

/** The findings recorded on a construct itself. */
export function findingsAt(construct: IConstruct): RecordedFinding[] {
  return entriesOf<Finding>(construct, FINDING_METADATA).map((finding) => ({
    ...finding,
    constructPath: construct.node.path,
    acknowledged: reasonFor(construct, finding.id),
  }));
}

/** The reason nearest to the construct. */
function reasonFor(construct: IConstruct, id: FindingId): string | undefined {
  const acknowledgements = [...construct.node.scopes]
    .reverse()
    .flatMap((each) => entriesOf<Acknowledgement>(each, ACKNOWLEDGEMENT_METADATA));
  return acknowledgements.find((each) => each.id === id)?.reason;
}

function entriesOf<T>(construct: IConstruct, type: string): T[] {
  return construct.node.metadata.filter((entry) => entry.type === type).map((entry) => entry.data as T);
}
