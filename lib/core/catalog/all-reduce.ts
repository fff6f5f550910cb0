/** A published all-reduce bandwidth between nodes of a machine. */
export interface AllReduceRow {
  /** Bus bandwidth in GB/s, as nccl-tests counts it. */
  readonly GBps: number;
  /** A threshold is the minimum that its publisher accepts. A measurement is the result of one run. */
  readonly kind: 'threshold' | 'measurement';
  /** Nodes in the measurement. A threshold applies to any number of at least 2. */
  readonly nodes?: number;
  /** Source of the figure. */
  readonly source: string;
}

// Sources: NVIDIA/aicr bc05c6b (recipes/overlays, machines as in demos/cuj2-eks.md and cuj1-gke.md) and awslabs/awsome-distributed-ai
// 95b939c (micro-benchmarks/nccl-tests/README.md, architectures/aws-pcs/tests/compute-test.md); read 2026-11.
export const ALL_REDUCE = {
  'p5.48xlarge': { GBps: 300, kind: 'threshold', source: 'NVIDIA/aicr bc05c6b, h100-eks-ubuntu-training' },
  'a3-megagpu-8g': { GBps: 250, kind: 'threshold', source: 'NVIDIA/aicr bc05c6b, h100-gke-cos-training' },
  'p6-b300.48xlarge': { GBps: 654, kind: 'measurement', nodes: 2, source: 'awslabs/awsome-distributed-ai 95b939c, 16 GiB on 2 nodes' },
  'p6-b200.48xlarge': { GBps: 377, kind: 'measurement', nodes: 4, source: 'awslabs/awsome-distributed-ai 95b939c, 16 GiB on 4 nodes' },
  'p4de.24xlarge': { GBps: 78.33, kind: 'measurement', nodes: 2, source: 'awslabs/awsome-distributed-ai 95b939c, 2 GiB on 2 nodes' },
} as const satisfies Record<string, AllReduceRow>;
