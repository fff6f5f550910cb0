import type { Construct } from 'constructs';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { type SizedCluster, jobDays, overtimeDays } from './cluster-plan';
import { clusterDefaults, type MachineLearningClusterProps } from './machine-learning-cluster-props';

/** Records what is doubtful about a cluster. */
export function recordMlClusterFindings(
  scope: Construct,
  props: MachineLearningClusterProps,
  { plan }: SizedCluster,
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
    message:
      'What the storage of the workspace reads and writes is not known: the plan takes it as fast as the job needs.',
    fix: 'Time one checkpoint of the size that the plan tells.',
    evidence: 'https://learn.microsoft.com/en-us/azure/storage/common/scalability-targets-standard-account',
  });
  const days = overtimeDays(props, plan);
  if (days === undefined) return;
  record(scope, {
    id: 'time/job-limit',
    level: 'warning',
    message: `A quarter of such runs take ${days} days or more, and Azure ML ends a job after ${jobDays(props)} on ${clusterDefaults(props).capacity.isElastic ? 'low-priority' : 'dedicated'} nodes.`,
    fix: 'Have the job go on from its last checkpoint, and be ready to start it again.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-quotas#azure-machine-learning-compute',
  });
}
