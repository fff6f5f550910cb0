import type { Construct } from 'constructs';
import type { ProblemCollector } from '../core/errors';
import { responseSeconds } from '../core/planning/serving/serving-rate';
import type { ServingPlan } from '../core/planning/serving/plan-serving';
import { record } from './findings';

/** How long an endpoint waits for a response. */
export interface RequestTime {
  readonly seconds: number;
  /** Phrase for a value with a longer wait, after "must be". */
  readonly allowed: (seconds: number) => string;
  /** Prop that sets it. */
  readonly prop: string;
  /** How to raise it. */
  readonly fix: string;
  readonly evidence: string;
}

/** Adds a problem if every response takes longer than the endpoint waits. */
export function checkRequestTime(
  problems: ProblemCollector,
  plan: ServingPlan,
  { seconds, prop, allowed, fix }: RequestTime,
): void {
  const response = responseSeconds(plan);
  if (!response || response.floor <= seconds) return;
  problems.add({
    code: 'InferenceTimeout',
    prop,
    allowed: `${allowed(Math.ceil(response.floor))}, the minimum time for ${plan.load.outputTokens} output tokens`,
    got: `${seconds} s`,
    fix,
  });
}

/** Records a finding if a response is likely to take longer than the endpoint waits. */
export function recordRequestTime(scope: Construct, plan: ServingPlan, { seconds, fix, evidence }: RequestTime): void {
  const response = responseSeconds(plan);
  if (!response || response.likely <= seconds) return;
  record(scope, {
    id: 'serving/request-timeout',
    level: 'warning',
    message: `A response of ${plan.load.outputTokens} tokens takes about ${Math.ceil(response.likely)} s on an idle replica, but the endpoint waits only ${seconds} s.`,
    fix,
    evidence,
  });
}
