import { block, parsed, record } from '../json';
import { amount, details, MANAGED, type Readers, UNENCRYPTED } from '../view';
import { opened } from './storage';

/** Readers of queues, topics and streams. */
export const MESSAGING_READERS: Readers = {
  'AWS::SQS::Queue': ({ name, props }, view) => {
    const redrive = typeof props.RedrivePolicy === 'string' ? parsed(props.RedrivePolicy) : props.RedrivePolicy;
    const { deadLetterTargetArn, maxReceiveCount } = record(redrive);
    // SQS encrypts new queues by default.
    const otherwise = view.flag(props.SqsManagedSseEnabled) === false ? UNENCRYPTED : MANAGED;
    return {
      queues: [
        {
          name,
          kind: view.flag(props.FifoQueue) ? 'SQS FIFO queue' : 'SQS queue',
          encryption: view.encryption(props.KmsMasterKeyId, otherwise),
          ...details({
            kept: amount(view.number(props.MessageRetentionPeriod), 's'),
            hidden: amount(view.number(props.VisibilityTimeout), 's'),
            'dead letters':
              deadLetterTargetArn !== undefined &&
              `${view.find(deadLetterTargetArn)?.name ?? 'an existing queue'} after ${view.text(maxReceiveCount) ?? ''} tries`,
          }),
        },
      ],
    };
  },
  'AWS::SNS::Topic': ({ id, name, props }, view) => {
    const subscriptions = view
      .ofType('AWS::SNS::Subscription')
      .filter((one) => view.find(one.props.TopicArn)?.id === id);
    const own = Array.isArray(props.Subscription) ? props.Subscription.length : 0;
    return {
      queues: [
        {
          name,
          kind: 'SNS topic',
          encryption: view.encryption(props.KmsMasterKeyId),
          ...details({ subscriptions: String(subscriptions.length + own) }),
        },
      ],
    };
  },
  'AWS::SNS::Subscription': ({ props }, view) => (view.find(props.TopicArn) ? {} : undefined),
  'AWS::SQS::QueuePolicy': (resource, view) => opened(resource, view, 'SQS queue', resource.props.Queues),
  'AWS::SNS::TopicPolicy': (resource, view) => opened(resource, view, 'SNS topic', resource.props.Topics),
  'AWS::Kinesis::Stream': ({ name, props }, view) => ({
    queues: [
      {
        name,
        kind: 'Kinesis stream',
        encryption: view.encryption(block(props.StreamEncryption).KeyId, UNENCRYPTED),
        ...details({
          kept: amount(view.number(props.RetentionPeriodHours ?? 24), 'h'),
          shards: view.text(props.ShardCount),
        }),
      },
    ],
  }),
};
