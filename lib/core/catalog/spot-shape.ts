/** A group of spot traces: how long instances ran, and how often all nodes were available. */
export interface SpotShapeRow {
  /** Nodes requested together. */
  readonly nodes: number;
  /** Whether the traces recorded available or preempted instances. */
  readonly kind: 'availability' | 'preemption';
  /** Number of traces. */
  readonly traces: number;
  /** Total hours of all instances. */
  readonly instanceHours: number;
  /** Instances that disappeared between two samples. */
  readonly losses: number;
  /** Mean time from start to loss of an instance, in hours. */
  readonly meanLifeHours: number;
  /** Share of the time with all nodes running, from 0 to 1. */
  readonly shareAllUp: number;
}

// Source: github.com/skypilot-org/spot-traces, AWS V100 and K80, October 2022 to August 2023; summed 2026-11.
export const SPOT_SHAPE = {
  caveat: 'AWS V100 and K80 traces of 2022-23: a shape, not a rate, because current chips were not measured',
  /** Default time from start to loss of an instance: the longest mean of the groups, rounded. */
  defaultLifeHours: 5,
  groups: [
    { nodes: 1, kind: 'availability', traces: 17, instanceHours: 9050, losses: 3412, meanLifeHours: 2.65, shareAllUp: 0.59 },
    { nodes: 16, kind: 'availability', traces: 3, instanceHours: 7789, losses: 3749, meanLifeHours: 2.08, shareAllUp: 0.43 },
    { nodes: 1, kind: 'preemption', traces: 4, instanceHours: 431, losses: 202, meanLifeHours: 2.13, shareAllUp: 0.61 },
    { nodes: 4, kind: 'preemption', traces: 3, instanceHours: 3066, losses: 600, meanLifeHours: 5.11, shareAllUp: 0.6 },
  ],
} as const satisfies { groups: readonly SpotShapeRow[] } & Record<string, unknown>;
