/** Scaling of the instances of a model. */
export interface EndpointScaling {
  /** Minimum number of instances, at least 1. @default - derived from `load`, or 1 without a load */
  readonly minReplicas?: number;
  /** Maximum number of instances, at most 50. @default - twice the number for `load`; `minReplicas` without a load, which turns scaling off */
  readonly maxReplicas?: number;
  /**
   * Target GPU utilization, in percent, 10 to 95. Above it, instances are added. Below three sevenths of it, instances are removed.
   *
   * @default 70
   */
  readonly targetUtilizationPercent?: number;
  /** Minutes between two removals of an instance, 1 to 1,440. @default 10 */
  readonly scaleInCooldownMinutes?: number;
  /** Minutes between two additions of an instance, 1 to 1,440. A new instance must start before it reduces the load. @default 5 */
  readonly scaleOutCooldownMinutes?: number;
}

/** A choice of this library: the examples of Azure ML use it for CPUs. @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints */
export const TARGET_PERCENT = 70;
