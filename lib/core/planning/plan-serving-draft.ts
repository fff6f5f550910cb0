import type { Machine } from '../catalog/machines';
import type { ServingLoad } from '../workload/serving-load';
import type { PlanHardware } from './plan-hardware';
import type {
  PlannedReplica,
  PlannedReplicas,
  ServingCost,
  ServingLatencyPlan,
  ServingMemoryPlan,
  ServingThroughput,
} from './plan-serving-result';

/** A serving plan before it is checked. */
export interface ServingDraft {
  readonly load: ServingLoad;
  readonly machine: Machine;
  readonly hardware: PlanHardware;
  readonly replica: PlannedReplica;
  readonly memory: ServingMemoryPlan;
  readonly latency?: ServingLatencyPlan;
  readonly throughput: ServingThroughput;
  readonly replicas: PlannedReplicas;
  readonly machines: number;
  readonly costs: readonly ServingCost[];
}
