import { App, Size, type Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import {
  acceptRules,
  acknowledge,
  AwsMachine,
  EndpointKind,
  GatewayAuthorization,
  GatewayExposure,
  ModelArtifact,
  ServingContainer,
} from 'ai-infra-constructs/aws';
import { apiEndpoint } from '../gateway/support';
import { answersIn, DIGEST, IMAGE, modelIn, modelsIn } from '../inference/endpoint-support';
import { type Change, platform, PUBLIC } from '../inference/platform';
import { STRICT_APPS } from '../support';
import { expectNoViolations } from './validators';

const ARCHIVE = (stack: Stack) => ({
  container: ServingContainer.of({ image: IMAGE }),
  artifact: ModelArtifact.archive({
    bucket: modelsIn(stack),
    key: 'rank/v1.tar.gz',
    version: 'v1',
    sha256: DIGEST,
    sizeGB: 1,
  }),
});

describe.each(STRICT_APPS)('%s', (_flags, strict) => {
  test.each<[string, (stack: Stack) => Change]>([
    ['components', () => ({})],
    [
      'components behind a public gateway with keys',
      () => ({ gateway: { ...PUBLIC, clients: { search: { requestsPerSecond: 5 } } } }),
    ],
    [
      'components behind a private gateway for user pools',
      (stack) => ({
        gateway: {
          exposure: GatewayExposure.private({ vpcEndpoints: [apiEndpoint(stack)] }),
          authorization: GatewayAuthorization.cognito([UserPool.fromUserPoolId(stack, 'Users', 'us-east-1_abcdefghi')]),
        },
      }),
    ],
    ['components from zero', () => ({ scaling: { minReplicas: 0 } })],
    [
      'variants on Inferentia2, with a key of the volumes',
      (stack) => ({
        kind: EndpointKind.variants(),
        machine: AwsMachine.INF2_48XLARGE,
        load: undefined,
        models: { chat: modelIn(stack, { container: ServingContainer.lmi({ image: IMAGE }) }) },
      }),
    ],
    [
      'an asynchronous endpoint',
      (stack) => ({
        kind: EndpointKind.asynchronous({ output: answersIn(stack) }),
        load: undefined,
        scaling: { minReplicas: 0, maxReplicas: 4 },
      }),
    ],
    [
      'a serverless endpoint',
      (stack) => ({
        kind: EndpointKind.serverless({ memory: Size.mebibytes(4096), maxConcurrency: 20 }),
        models: { rank: ARCHIVE(stack) },
        machine: undefined,
        load: undefined,
      }),
    ],
  ])(
    'RealtimeInferencePlatform: the CloudFormation validator and four policy packs find nothing in %s',
    (_, change) => {
      const { app, stack, platform: built } = platform(change, new App(strict));
      acknowledge(built, 'evidence/no-measurement', 'Measured before the launch.');
      acceptRules(stack);
      expectNoViolations({ app, stack });
    },
  );
});
