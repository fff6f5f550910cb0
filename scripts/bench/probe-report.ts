/** Measured program: synthesizes three clusters, each in a stack of its own. `probe-report with|without` a job */
import { createRequire } from 'node:module';
import { ModelSpec, TrainingJob } from 'ai-infra-constructs';
import { AwsMachine, Installation, TrainingCluster } from 'ai-infra-constructs/aws';
import { App, Stack } from 'aws-cdk-lib';

const PLANNER = /[\\/]core[\\/](planning|report|catalog[\\/]prices)\b/;

const job =
  process.argv[2] === 'with'
    ? TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11, finishWithinDays: 60 })
    : undefined;
const used = process.cpuUsage();
const begin = performance.now();
const app = new App();
for (const id of ['One', 'Two', 'Three']) {
  new TrainingCluster(new Stack(app, id), 'Training', {
    machine: AwsMachine.P5_48XLARGE,
    nodes: 16,
    installation: Installation.gitOps(),
    job,
  });
}
app.synth();
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(used);
const planner = Object.keys(createRequire(__filename).cache).filter((file) => PLANNER.test(file)).length;
console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, planner }));
