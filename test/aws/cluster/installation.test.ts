import { App, Stack } from 'aws-cdk-lib';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { AwsMachine, Installation, TrainingCluster } from 'ai-infra-constructs/aws';
import { errorOf, problemsOf } from '../support';

jest.mock('@aws-cdk/lambda-layer-kubectl-v36', () => {
  throw new Error('Cannot find module');
});

function build(installation: Installation): Stack {
  const stack = new Stack(new App(), 'Test');
  new TrainingCluster(stack, 'Pretrain', { machine: AwsMachine.P5_48XLARGE, nodes: 2, installation });
  return stack;
}

describe('without the package of the kubectl layer', () => {
  test('rejects an installation by the deployment, and names the package', () => {
    const error = errorOf(() => build(Installation.byDeployment()));
    expect(problemsOf(error)).toEqual(['KubectlLayerMissing installation']);
    expect(error.message).toContain('npm install @aws-cdk/lambda-layer-kubectl-v36');
  });

  test('accepts a given layer', () => {
    const stack = new Stack(new App(), 'Layers');
    const kubectlLayer = LayerVersion.fromLayerVersionArn(
      stack,
      'Kubectl',
      'arn:aws:lambda:us-east-1:111122223333:layer:kubectl:1',
    );
    expect(() => build(Installation.byDeployment({ kubectlLayer }))).not.toThrow();
  });

  test('accepts GitOps', () => {
    expect(() => build(Installation.gitOps())).not.toThrow();
  });
});
