import type { Construct } from 'constructs';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { type ResolvedCluster, jobDays, overtimeDays } from './cluster-plan';
import { clusterDefaults, type MachineLearningClusterProps } from './machine-learning-cluster-props';

/** Records the findings of a cluster. */
export function recordMlClusterFindings(
  scope: Construct,
  props: MachineLearningClusterProps,
  { plan }: ResolvedCluster,
): void {
  const { machine } = props;
  if (machine.spec.unverified !== undefined) {
    const fix = 'Compare them with `az ml compute list-sizes` of the region.';
    const evidence = `table of Azure machines, row ${machine.name}`;
    record(scope, unreadFigures(machine.name, machine.spec.unverified, fix, evidence));
  }
  if (!plan) return;
  for (const finding of plan.findings) record(scope, finding);
  record(scope, {
    id: 'storage/unknown-throughput',
    level: 'info',
    message: 'The throughput of the workspace storage is unknown. The plan assumes that it is fast enough for the job.',
    fix: 'Measure the time of one checkpoint of the planned size.',
    evidence: 'https://learn.microsoft.com/en-us/azure/storage/common/scalability-targets-standard-account',
  });
  const days = overtimeDays(props, plan);
  if (days === undefined) return;
  record(scope, {
    id: 'time/job-limit',
    level: 'warning',
    message: `25% of such runs take ${days} days or more, but Azure ML stops a job after ${jobDays(props)} days on ${clusterDefaults(props).capacity.isElastic ? 'low-priority' : 'dedicated'} nodes.`,
    fix: 'Make the job resume from its last checkpoint, and prepare to restart it.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-quotas#azure-machine-learning-compute',
  });
}
