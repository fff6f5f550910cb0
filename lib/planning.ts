/* What reads declared work against the machines of every cloud: apart from `.`, which loads none of it. */
export { type Option, type Options, type OptionsProps, type Refusal, optionsFor } from './core/planning/options';
export type {
  Contradiction,
  GivenStorage,
  MarketPrice,
  PlanCluster,
  PlanEvidence,
  PlanProps,
  PlanRange,
  PlanResult,
  PlanStorage,
  PlanStorageTier,
} from './core/planning/plan';
export { planServing, type ServingPlanProps } from './core/planning/plan-serving';
export type * from './core/planning/plan-serving-result';
export { planTraining, type TrainingPlanProps } from './core/planning/plan-training';
export type * from './core/planning/plan-training-result';
export { alternativesOf } from './core/report/alternatives';
export {
  REPORT_FORMAT,
  type ReportAlternative,
  type ReportCost,
  type ReportDocument,
  type ReportEvidence,
  type ReportEvidenceGrade,
  type ReportFact,
  type ReportFinding,
  type ReportFlow,
  type ReportMemory,
  type ReportNodes,
  type ReportPeer,
  type ReportRange,
  type ReportTopology,
  type ReportTotal,
  type ReportWorkload,
} from './core/report/document';
export { REPORT_SCHEMA } from './core/report/schema';
export { type RecordedWorkload, WorkloadReport } from './core/report/workload-report';
