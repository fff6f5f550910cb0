/** Program: synthesizes a stack that exceeds a CloudFormation limit. `over-limits resources|bytes` */
import { AwsMachine, Installation, TrainingCluster, TrainingStorage } from 'ai-infra-constructs/aws';
import { App, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'TooLarge');
const machine = AwsMachine.P5_48XLARGE;
const installation = Installation.gitOps();

if (process.argv[2] === 'resources') {
  for (let index = 0; index < 8; index += 1) {
    new TrainingCluster(stack, `Cluster${index}`, { machine, nodes: 2, installation });
  }
} else {
  const commands = Array.from(
    { length: 150 },
    (_, line) => `echo 'a long start-up script, line ${line}' >> /var/log/start`,
  );
  const groups = Array.from(
    { length: 55 },
    (_, index) => [`g${index}`, { machine, nodes: 2, nodeOptions: { commands } }] as const,
  );
  new TrainingCluster(stack, 'Cluster', {
    machine,
    nodes: 2,
    groups: Object.fromEntries(groups),
    storage: TrainingStorage.none(),
    installation,
  });
}

try {
  app.synth();
} catch (error) {
  // Without the stack trace, which quotes the CDK's minified lines.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
