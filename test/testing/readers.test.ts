import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { architectureOf } from '../../lib/testing';
import { CLOUDFORMATION_READERS } from '../../lib/testing/cloudformation/readers';
import { TERRAFORM_READERS } from '../../lib/testing/terraform/readers';
import { type Entry, ofResource, ofTemplate, ofTerraform } from './support';

const CLOUDFORMATION = Object.keys(CLOUDFORMATION_READERS);
const TERRAFORM = Object.keys(TERRAFORM_READERS);

/** Names of properties that some reader of a folder looks at. */
function namesReadIn(folder: string): string[] {
  const root = join(__dirname, '../../lib/testing', folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return [...new Set([...sources.matchAll(/\.([A-Za-z_]\w*)/g)].map(([, name]) => name!))];
}

/** Whatever JSON may hold below a property, with the names that readers look for and references among it. */
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

// What stands in a text where a value was not looked at closely enough.
const SLIP = /undefined|\bnull\b|NaN|\[object|: *$/;

function slips(source: object): string[] {
  const lines = String(architectureOf(source)).split('\n');
  return lines.filter((line) => SLIP.test(line.replace(/^\S.*:$|^ {2}\S+:$/, '')));
}

describe('a resource without properties', () => {
  test.each(CLOUDFORMATION)('%s is read', (type) => {
    expect(slips({ Resources: { Subject: { Type: type } } })).toEqual([]);
  });

  test.each(TERRAFORM)('%s is read', (type) => {
    expect(slips({ resource: { [type]: { subject: {} } } })).toEqual([]);
  });
});

test('whatever properties hold, a text comes of it', () => {
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

test('whatever arguments hold, a text comes of it', () => {
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

describe('nothing vanishes', () => {
  test.each(['AWS::Made::Up', 'Custom::Thing', 'hasOwnProperty'])('%s, which no reader knows, is counted', (type) => {
    expect(ofResource(type).other).toEqual({ [type]: 1 });
    expect(ofTerraform({ 'made_up.a': {}, 'made_up.b': {} }).other).toEqual({ made_up: 2 });
  });

  test('but for what the CDK writes for itself', () => {
    expect(ofResource('AWS::CDK::Metadata').other).toEqual({});
  });

  // Told with another, which is not here.
  const PARTS = [
    ...['AWS::ApiGateway::Method', 'AWS::ApiGatewayV2::Route', 'AWS::ElasticLoadBalancingV2::Listener'],
    ...['AWS::EC2::Subnet', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCEndpoint', 'AWS::SNS::Subscription'],
    ...['AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::AutoScaling::LaunchConfiguration'],
  ];
  test.each(PARTS)('%s of something that is elsewhere is counted', (Type) => {
    expect(ofTemplate({ Part: { Type } }).other).toEqual({ [Type]: 1 });
  });
});
