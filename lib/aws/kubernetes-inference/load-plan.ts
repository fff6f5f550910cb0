import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { planLoad as planOn, type PlannedInference } from '../../kubernetes/serving/load-plan';
import { Interconnect } from '../network/interconnect';
import { MARKETS } from '../training/job-plan';
import { plannedMachine } from '../training/planned-machine';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';

/** Plans the load on the machine and adds what contradicts it. Returns undefined if it cannot be planned. */
export function planLoad(
  problems: ProblemCollector,
  props: KubernetesInferenceProps,
  scope: Construct,
): PlannedInference | undefined {
  const { load } = props;
  const machine = load && plannedMachine(problems, { ...props, interconnect: interconnectOf(props) }, 'load');
  if (!machine) return undefined;
  const { region } = Stack.of(scope);
  return planOn(problems, {
    ...props,
    load,
    machine,
    market: MARKETS[props.capacity?.market ?? 'on-demand'],
    region: Token.isUnresolved(region) ? undefined : region,
  });
}

/** Karpenter nodes have no EFA, so a replica cannot span them. */
function interconnectOf({ nodes }: KubernetesInferenceProps): Interconnect | undefined {
  return nodes?.kind === 'karpenter' ? Interconnect.none() : undefined;
}
