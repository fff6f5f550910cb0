import { DataClass } from 'ai-infra-constructs';
import { AwsMachine, BatchCompute, BatchInferencePlatform, Capacity } from 'ai-infra-constructs/aws';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';

const app = new App();
const stack = new Stack(app, 'BatchInference', {
  description: 'Nightly inference over a bucket prefix: spot L40S machines with an on-demand fallback',
});

new BatchInferencePlatform(stack, 'Platform', {
  workflow: {
    compute: BatchCompute.awsBatch({
      machine: AwsMachine.G6E_48XLARGE,
      maxMachines: 8,
      capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
      image: `public.ecr.aws/example/worker@sha256:${'0'.repeat(64)}`,
      acceleratorsPerReplica: 4,
      taskTimeout: Duration.hours(2),
    }),
    shardsPerTask: 20,
    schedule: ScheduleExpression.cron({ minute: '0', hour: '2' }),
  },
  dataClass: DataClass.CONFIDENTIAL,
  costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 40_000,
});

app.synth();
