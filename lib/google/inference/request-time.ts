import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { answerSeconds } from '../../core/planning/answer-time';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { record } from '../../terraform/findings';

/** How long an endpoint waits for an answer. */
export interface RequestTime {
  readonly seconds: number;
  /** The prop that says it, and how to have more of it. */
  readonly prop: string;
  readonly fix: string;
  readonly evidence: string;
}

/** Adds a problem where no answer of the load can be whole before the endpoint gives it up. */
export function checkRequestTime(problems: Problems, plan: ServingPlan, { seconds, prop, fix }: RequestTime): void {
  const answer = answerSeconds(plan);
  if (!answer || answer.floor <= seconds) return;
  problems.add({
    code: 'InferenceTimeout',
    prop,
    allowed: `one that waits ${Math.ceil(answer.floor)} s, which ${plan.load.outputTokens} tokens take at the least: it waits ${seconds} s`,
    got: `${seconds} s`,
    fix,
  });
}

/** Records that an answer of the load may take longer than the endpoint waits. */
export function recordRequestTime(scope: Construct, plan: ServingPlan, { seconds, fix, evidence }: RequestTime): void {
  const answer = answerSeconds(plan);
  if (!answer || answer.likely <= seconds) return;
  record(scope, {
    id: 'serving/request-timeout',
    level: 'warning',
    message: `An answer of ${plan.load.outputTokens} tokens takes about ${Math.ceil(answer.likely)} s on an idle replica, and the endpoint waits ${seconds} s.`,
    fix,
    evidence,
  });
}
