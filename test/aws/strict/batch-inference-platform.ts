import { App, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { AwsMachine, BatchCompute, BatchInferencePlatform } from 'ai-infra-constructs/aws';
import { PROPS } from '../batch/platform';
import { STRICT_APPS } from '../support';
import { expectNoViolations } from './validators';

const transform = (stack: Stack) =>
  BatchCompute.transform({
    modelName: 'ranker',
    modelRole: Role.fromRoleArn(stack, 'ModelRole', 'arn:aws:iam::111122223333:role/model', { mutable: false }),
    machine: AwsMachine.G5_12XLARGE,
    usdPerHour: 7.09,
  });

describe.each(STRICT_APPS)('%s', (_flags, strict) => {
  test.each([
    ['jobs of AWS Batch', () => ({})],
    ['transforms', (stack: Stack) => ({ workflow: { compute: transform(stack) } })],
  ])('BatchInferencePlatform: the CloudFormation validator and four policy packs find nothing in %s', (_, props) => {
    const app = new App(strict);
    const stack = new Stack(app, 'Batch');
    new BatchInferencePlatform(stack, 'Platform', { ...PROPS, ...props(stack) });
    expectNoViolations({ app, stack });
  });
});
