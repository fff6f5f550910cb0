export { AlertTopic, type AlertTopicProps } from './alert-topic';
export {
  Capacity,
  type CapacityReservationOptions,
  type NewReservationOptions,
  type ReservationOptions,
  type SpotOptions,
} from './capacity';
export { CostAllocation } from './cost-allocation';
export { CostBudget, type CostBudgetProps } from './cost-budget';
export { EfaNodeGroup, type EfaNodeGroupOptions, type EfaNodeGroupProps, POOL_LABEL } from './efa-node-group';
export { EfaSecurityGroup, type EfaSecurityGroupProps } from './efa-security-group';
export { acknowledge } from './findings';
export { Interconnect } from './interconnect';
export { AwsMachine, type AwsMachineSpec, NodeOs } from './machine';
export { type NetworkInterface, networkLayout } from './network-layout';
export { TrainingObservability, type TrainingObservabilityProps } from './training-observability';
