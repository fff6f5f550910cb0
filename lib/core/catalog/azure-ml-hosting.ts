/**
 * Limits of Azure Machine Learning.
 *
 * Source: MicrosoftDocs/azure-ai-docs, articles/machine-learning: how-to-manage-quotas.md (2026-01-27),
 * reference-managed-online-endpoints-vm-sku-list.md, how-to-create-attach-compute-cluster.md, how-to-safely-rollout-online-endpoints.md.
 * Read 2026-11.
 */
export const AZURE_ML_LIMITS = {
  /** Deployments per endpoint, online or batch. A support ticket can raise it. */
  deployments: 20,
  /** Instances per online deployment. A support ticket can raise it. */
  instances: 50,
  /** Maximum duration of a request to a managed online endpoint. */
  requestSeconds: 180,
  /** Requests per second of an endpoint, over all deployments. A support ticket can raise it. */
  requestsPerSecond: 500,
  /** Megabytes per second of an endpoint, over all deployments. A support ticket can raise it. */
  megabytesPerSecond: 5,
  /** Percentage of live requests that can be mirrored to a deployment. */
  mirrorPercent: 50,
  /** Nodes in a compute cluster of machines with RDMA. */
  rdmaNodes: 100,
  /** Nodes in a compute cluster whose nodes communicate, without RDMA. A support ticket can raise it to 4,000. */
  nodes: 300,
  /** Nodes per MPI job. */
  jobNodes: 100,
  /** Maximum duration of a job. */
  jobDays: 21,
  /** Maximum duration of a job on low-priority nodes. */
  lowPriorityJobDays: 7,
} as const;

/** A machine for managed online endpoints. */
export interface AzureMlOnlineRow {
  /** Whether an update adds a fifth more instances, so that the quota must cover 1.2 times the instances. */
  readonly reservesFifth: boolean;
}

/** Machines with accelerators in the list, by their name in the machine table. The list ends with H100: newer machines can be supported too. */
export const AZURE_ML_ONLINE_MACHINES = {
  'Standard_NC24ads_A100_v4': { reservesFifth: false },
  'Standard_NC48ads_A100_v4': { reservesFifth: false },
  'Standard_NC96ads_A100_v4': { reservesFifth: false },
  'Standard_NC4as_T4_v3': { reservesFifth: true },
  'Standard_NC8as_T4_v3': { reservesFifth: true },
  'Standard_NC16as_T4_v3': { reservesFifth: true },
  'Standard_NC64as_T4_v3': { reservesFifth: true },
  'Standard_NC40ads_H100_v5': { reservesFifth: false },
  'Standard_NC80adis_H100_v5': { reservesFifth: false },
  'Standard_ND96amsr_A100_v4': { reservesFifth: false },
  'Standard_ND96asr_v4': { reservesFifth: false },
  'Standard_ND96is_H100_v5': { reservesFifth: false },
  'Standard_ND96isr_H100_v5': { reservesFifth: false },
  'Standard_NV6ads_A10_v5': { reservesFifth: true },
  'Standard_NV12ads_A10_v5': { reservesFifth: true },
  'Standard_NV18ads_A10_v5': { reservesFifth: true },
  'Standard_NV36ads_A10_v5': { reservesFifth: true },
  'Standard_NV36adms_A10_v5': { reservesFifth: true },
  'Standard_NV72ads_A10_v5': { reservesFifth: true },
} as const satisfies Record<string, AzureMlOnlineRow>;
