import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as Machines from '../../core/catalog/machines';
import { Problems } from '../../core/errors';
import { type BatchWork, estimateBatch, type EstimatedRun } from '../../core/planning/batch-estimate';
import type { AwsMachine } from '../machine/machine';
import type { MarketRate } from './batch-prices';
import type { BatchMarket } from './job-workflow';

export type { BatchWork } from '../../core/planning/batch-estimate';

/** How long a run takes and what it costs, as a range: `p25` is what a quarter of published runs are slower than. */
export type BatchEstimate = EstimatedRun<BatchMarket>;

/** What the work is done on. */
export interface BatchGround {
  readonly machine: AwsMachine;
  /** Accelerators of one container. */
  readonly accelerators: number;
  /** Containers at work at once. */
  readonly replicas: number;
  readonly replicasPerMachine: number;
  readonly rates: readonly MarketRate[];
}

/** Estimates a run from published throughput. What cannot be, such as a model that does not fit, is an error. */
export function estimateRun(scope: Construct, work: BatchWork, ground: BatchGround): BatchEstimate {
  const problems = new Problems();
  const { findMachine } = require('../../core/catalog/machines') as typeof Machines;
  const { region } = Stack.of(scope);
  const estimate = estimateBatch(problems, work, {
    ...ground,
    machine: findMachine('aws', ground.machine.name),
    machineName: ground.machine.name,
    acceleratorsProp: 'gpusPerShard',
    region: Token.isUnresolved(region) ? undefined : region,
  });
  problems.throwIfAny(scope);
  return estimate!;
}
