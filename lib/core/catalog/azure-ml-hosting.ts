/**
 * What Azure Machine Learning takes.
 *
 * Source: MicrosoftDocs/azure-ai-docs, articles/machine-learning: how-to-manage-quotas.md (2026-01-27),
 * reference-managed-online-endpoints-vm-sku-list.md, how-to-create-attach-compute-cluster.md, how-to-safely-rollout-online-endpoints.md.
 * Read 2026-11.
 */
export const AZURE_ML_LIMITS = {
  /** Deployments of one endpoint, online or batch. A support ticket raises it. */
  deployments: 20,
  /** Instances of an online deployment. A support ticket raises it. */
  instances: 50,
  /** Longest answer of a managed online endpoint. */
  requestSeconds: 180,
  /** Requests a second of an endpoint, over all deployments. A support ticket raises it. */
  requestsPerSecond: 500,
  /** Megabytes a second of an endpoint, over all deployments. A support ticket raises it. */
  megabytesPerSecond: 5,
  /** Share of the live requests that are copied to a deployment, in percent. */
  mirrorPercent: 50,
  /** Nodes of a compute cluster of machines with RDMA. */
  rdmaNodes: 100,
  /** Nodes of a compute cluster whose nodes reach each other, without RDMA. A support ticket raises it to 4,000. */
  nodes: 300,
  /** Nodes of one MPI job. */
  jobNodes: 100,
  /** Days that a job may take. */
  jobDays: 21,
  /** Days that a job on low-priority nodes may take. */
  lowPriorityJobDays: 7,
} as const;

/** A machine that managed online endpoints run on. */
export interface AzureMlOnlineRow {
  /** Whether an update keeps a fifth more instances, so that the quota must hold 1.2 times as many. */
  readonly reservesFifth: boolean;
}

/** Machines with accelerators of the list, by the names of the table of machines. The list has no date after H100: newer ones may be hosted. */
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
