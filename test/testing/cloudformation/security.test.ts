import { exposed, ofResource, ofTemplate } from '../support';

test('a key shows its rotation and its deletion policy', () => {
  const key = (props = {}, more = {}) => ofResource('AWS::KMS::Key', props, more).keys[0]!.details;
  expect(key({ EnableKeyRotation: true }, { DeletionPolicy: 'Retain' })).toEqual({
    rotation: 'rotates',
    deletion: 'outlives the stack',
  });
  expect(key()).toEqual({ rotation: 'does not rotate', deletion: 'deleted with the stack' });
});

test('a key is exposed if its policy allows everyone to use it', () => {
  const KeyPolicy = { Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:*' } };
  expect(exposed(ofResource('AWS::KMS::Key', { KeyPolicy }))).toEqual(['Subject: policy allows everyone kms:*']);
});

describe('a role', () => {
  const role = (statement: object, more = {}) =>
    ofTemplate({
      Admin: { Type: 'AWS::IAM::Role', Properties: more },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'Admin' }], PolicyDocument: { Statement: [statement] } },
      },
    });
  const may = (statement: object) =>
    role(statement).permissions.map(({ name, details }) => `${name}: ${details?.may ?? ''}`);

  test.each([
    [{ Effect: 'Allow', Action: '*', Resource: '*' }, ['Admin: * on *']],
    [
      { Effect: 'Allow', Action: ['s3:*', 'ec2:DescribeVpcs', 'kms:*'], Resource: ['*'] },
      ['Admin: kms:* on *, s3:* on *'],
    ],
    [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, ['Admin: all but iam:* on *']],
    [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::data/*' }, []],
    [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }, []],
    [{ Effect: 'Deny', Action: '*', Resource: '*' }, []],
    [{ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { Bool: { x: true } } }, []],
  ])('with %j may %j', (statement, expected) => {
    expect(may(statement)).toEqual(expected);
  });

  test('with administrator access is listed for any partition of the policy', () => {
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AdministratorAccess']] };
    expect(ofResource('AWS::IAM::Role', { ManagedPolicyArns: [arn] }).permissions).toEqual([
      { name: 'Subject', kind: 'role', details: { may: 'AdministratorAccess' } },
    ]);
  });

  test('is exposed if everyone can assume it', () => {
    const AssumeRolePolicyDocument = {
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    };
    expect(exposed(ofResource('AWS::IAM::Role', { AssumeRolePolicyDocument }))).toEqual([
      'Subject: trust policy allows everyone sts:AssumeRole',
    ]);
  });
});
