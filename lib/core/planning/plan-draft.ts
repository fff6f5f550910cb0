import type { Machine } from '../catalog/machines';
import type { TrainingJob } from '../workload/training-job';
import type { PlanStorage } from './plan';
import type { PlanHardware } from './plan-hardware';
import type { PlanMarket } from './plan-market';
import type { Placement } from './plan-parallelism';
import type {
  PlannedCheckpoint,
  PlannedMemory,
  PlannedParallelism,
  PlannedTime,
  TrainingCost,
} from './plan-training-result';

/** A training plan before it is checked. */
export interface TrainingDraft {
  readonly job: TrainingJob;
  readonly machine: Machine;
  readonly hardware: PlanHardware;
  readonly nodes: number;
  readonly accelerators: number;
  readonly market: PlanMarket;
  readonly placement: Placement;
  readonly parallelism: PlannedParallelism;
  readonly memory: PlannedMemory;
  readonly time: PlannedTime;
  /** Seconds per step at the peak of the accelerators. @default - the peak is unknown */
  readonly boundStepSeconds?: number;
  readonly checkpoint: PlannedCheckpoint;
  readonly storage: PlanStorage;
  /** Goodput of the market: less than 1 on spot. */
  readonly spotShare: number;
  readonly costs: readonly TrainingCost[];
}
