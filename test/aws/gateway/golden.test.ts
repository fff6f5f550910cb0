import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { expectGoldenIds, REGION } from '../support';
import { buildGateway } from './support';

/** Types whose replacement loses logs, encryption keys, API keys or the URL. */
const STATEFUL = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::UsagePlan',
  'AWS::Bedrock::Guardrail',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::WAFv2::WebACL',
];

test('keeps the logical ids of resources with state or an address', () => {
  const { stack } = buildGateway({ clients: { search: { requestsPerSecond: 10 } } }, REGION);
  expectGoldenIds(Template.fromStack(stack), STATEFUL, join(__dirname, 'inference-gateway.golden.json'));
});
