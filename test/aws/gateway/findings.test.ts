import { Size, type Stack } from 'aws-cdk-lib';
import { type FindingId, type FindingLevel, findingsOf } from 'ai-infra-constructs';
import {
  GatewayAuthorization,
  GatewayExposure,
  type InferenceGatewayProps,
  PromptScreening,
  ResponseMode,
} from 'ai-infra-constructs/aws';
import { apiEndpoint, buildGateway } from './support';

const WHOLE = { responses: ResponseMode.buffered() };
const found = (props: Partial<InferenceGatewayProps> | ((stack: Stack) => Partial<InferenceGatewayProps>)) =>
  findingsOf(buildGateway(props).stack).map(({ id, level }) => [id, level]);

test('a gateway with defaults has no warning, and reports that streams are screened in windows', () => {
  expect(found({})).toEqual([['gateway/stream-in-windows', 'info']]);
});

test.each<[FindingId, FindingLevel, (stack: Stack) => Partial<InferenceGatewayProps>]>([
  ['gateway/buffered', 'info', () => WHOLE],
  ['gateway/unscreened', 'warning', () => ({ screening: PromptScreening.none() })],
  [
    'gateway/guardrail-draft',
    'warning',
    () => ({ screening: PromptScreening.fromGuardrail({ guardrailId: 'abc', version: 'DRAFT' }) }),
  ],
  ['gateway/body-beyond-firewall', 'warning', () => ({ maxBody: Size.kibibytes(65) })],
  [
    'gateway/open-to-network',
    'warning',
    (stack) => ({
      exposure: GatewayExposure.private({ vpcEndpoints: [apiEndpoint(stack)] }),
      authorization: GatewayAuthorization.none(),
    }),
  ],
])('%s', (id, level, props) => {
  expect(found(props)).toContainEqual([id, level]);
});

test('a gateway without screening does not report windows', () => {
  expect(found({ screening: PromptScreening.none() })).toEqual([['gateway/unscreened', 'warning']]);
});
