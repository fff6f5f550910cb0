import { exposed, ofResource, ofTemplate } from '../support';

test('a queue shows its key, its retention and its dead-letter queue', () => {
  const { queues } = ofTemplate({
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        KmsMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
        MessageRetentionPeriod: 345600,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false, FifoQueue: true } },
    Key: { Type: 'AWS::KMS::Key' },
  });
  expect(queues).toEqual([
    { name: 'Dead', kind: 'SQS FIFO queue', encryption: { key: 'none' } },
    {
      name: 'Work',
      kind: 'SQS queue',
      encryption: { key: 'customer', name: 'Key' },
      details: { kept: '345600 s', 'dead letters': 'Dead after 3 tries' },
    },
  ]);
});

test('a topic shows its number of subscriptions, and is exposed by a policy for everyone', () => {
  const architecture = ofTemplate({
    Topic: { Type: 'AWS::SNS::Topic' },
    Subscription: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email' } },
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [{ Ref: 'Topic' }],
        PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish' }] },
      },
    },
  });
  expect(architecture.queues[0]).toMatchObject({ details: { subscriptions: '1' } });
  expect(exposed(architecture)).toEqual(['Topic: policy allows everyone sns:Publish']);
  expect(architecture.other).toEqual({});
});

test('a stream is not encrypted by default', () => {
  expect(ofResource('AWS::Kinesis::Stream').queues[0]).toMatchObject({
    encryption: { key: 'none' },
    details: { kept: '24 h' },
  });
});
