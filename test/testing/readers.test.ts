import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { architectureOf } from 'ai-infra-constructs/testing';
import { CLOUDFORMATION_READERS } from '../../lib/testing/cloudformation/readers';
import { TERRAFORM_READERS } from '../../lib/testing/terraform/readers';
import { type Entry, ofResource, ofTemplate, ofTerraform } from './support';

const CLOUDFORMATION = Object.keys(CLOUDFORMATION_READERS);
const TERRAFORM = Object.keys(TERRAFORM_READERS);

/** Names of properties that the readers in a folder use. */
function namesReadIn(folder: string): string[] {
  const root = join(__dirname, '../../lib/testing', folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return [...new Set([...sources.matchAll(/\.([A-Za-z_]\w*)/g)].map(([, name]) => name!))];
}

/** Any JSON value of a property, with names that readers look for and with references. */
function properties(names: readonly string[], references: readonly unknown[]): fc.Arbitrary<Entry> {
  const name = fc.constantFrom(...names);
  const { entry } = fc.letrec<{ entry: Entry; value: unknown }>((tie) => ({
    entry: fc.dictionary(name, tie('value'), { maxKeys: 12 }),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...references, 'a', '', '7', 0, 5, true, false, null, '*', '0.0.0.0/0', 'NONE', 'Allow'),
      tie('entry'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));
  return entry;
}

// Texts that appear if a reader does not check a value.
const SLIP = /undefined|\bnull\b|NaN|\[object|: *$/;

function slips(source: object): string[] {
  const lines = String(architectureOf(source)).split('\n');
  return lines.filter((line) => SLIP.test(line.replace(/^\S.*:$|^ {2}\S+:$/, '')));
}

describe('a resource without properties', () => {
  test.each(CLOUDFORMATION)('%s can be read', (type) => {
    expect(slips({ Resources: { Subject: { Type: type } } })).toEqual([]);
  });

  test.each(TERRAFORM)('%s can be read', (type) => {
    expect(slips({ resource: { [type]: { subject: {} } } })).toEqual([]);
  });
});

test('any properties can be described', () => {
  const names = namesReadIn('cloudformation');
  const references = [
    { Ref: 'Other' },
    { Ref: 'AWS::Region' },
    { 'Fn::GetAtt': ['Subject', 'Arn'] },
    { 'Fn::Sub': 'x-${Other}' },
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...CLOUDFORMATION),
      fc.constantFrom(...CLOUDFORMATION),
      properties(names, references),
      (a, b, props) => {
        const Resources = { Subject: { Type: a, Properties: props }, Other: { Type: b, Properties: props } };
        expect(slips({ Resources })).toEqual([]);
      },
    ),
    { numRuns: 1500 },
  );
});

test('any arguments can be described', () => {
  const references = ['${var.x}', ...TERRAFORM.flatMap((type) => [`\${${type}.other.id}`, `\${${type}.subject.name}`])];
  const type = fc.constantFrom(...TERRAFORM);
  fc.assert(
    fc.property(type, type, properties(namesReadIn('terraform'), references), (a, b, props) => {
      expect(
        slips({
          resource:
            a === b ? { [a]: { subject: props, other: props } } : { [a]: { subject: props }, [b]: { other: props } },
        }),
      ).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

describe('other resources', () => {
  test.each(['AWS::Made::Up', 'Custom::Thing', 'hasOwnProperty'])('%s without a reader is counted', (type) => {
    expect(ofResource(type).other).toEqual({ [type]: 1 });
    expect(ofTerraform({ 'made_up.a': {}, 'made_up.b': {} }).other).toEqual({ made_up: 2 });
  });

  test('metadata of the CDK is not counted', () => {
    expect(ofResource('AWS::CDK::Metadata').other).toEqual({});
  });

  // Part of another resource that is not in this stack.
  const PARTS = [
    ...['AWS::ApiGateway::Method', 'AWS::ApiGatewayV2::Route', 'AWS::ElasticLoadBalancingV2::Listener'],
    ...['AWS::EC2::Subnet', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCEndpoint', 'AWS::SNS::Subscription'],
    ...['AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::AutoScaling::LaunchConfiguration'],
  ];
  test.each(PARTS)('%s of a resource in another stack is counted', (Type) => {
    expect(ofTemplate({ Part: { Type } }).other).toEqual({ [Type]: 1 });
  });
});
