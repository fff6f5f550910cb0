import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { expectGoldenIds, REGION } from '../support';
import { buildGateway } from './support';

/** Types whose replacement loses logs, keys, callers' keys or the address that callers know. */
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

test('the logical ids of what holds state, or has an address, stay', () => {
  const { stack } = buildGateway({ clients: { search: { requestsPerSecond: 10 } } }, REGION);
  expectGoldenIds(Template.fromStack(stack), STATEFUL, join(__dirname, 'inference-gateway.golden.json'));
});
