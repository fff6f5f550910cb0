import {
  type Readers,
  countsOf,
  record,
  records,
  details,
  type Resource,
  type View,
  block,
  parsed,
  amount,
  MANAGED,
  UNENCRYPTED,
  list,
  type Reader,
  isRecord,
  type Props,
  word,
} from '../view';
import { API_READERS } from './apis';
import { COMPUTE_READERS } from './compute';
import { JOB_READERS } from './jobs';
import { NETWORK_READERS } from './network';
import { OPERATION_READERS } from './operations';
import { SAGEMAKER_READERS } from './sagemaker';
import { STORAGE_READERS, opened, onDelete } from './storage';
import type { Part, Sections } from '../architecture';
import { openToEveryone, wildcardsOf } from './assembly';
import { objectSections } from '../kubernetes-objects';

/** Readers of functions and state machines. */
export const FUNCTION_READERS: Readers = {
  'AWS::Lambda::Function': ({ name, props }, view) => ({
    functions: [
      {
        name,
        kind: view.text(props.Runtime) ?? (props.Runtime === undefined ? 'container' : 'runtime'),
        ...details({
          memory: amount(view.number(props.MemorySize ?? 128), 'MiB'),
          timeout: amount(view.number(props.Timeout ?? 3), 's'),
          architecture: view.text(list(props.Architectures)[0]),
          'at most': view.text(props.ReservedConcurrentExecutions),
          network: props.VpcConfig !== undefined && 'in a VPC',
        }),
      },
    ],
  }),
  'AWS::Lambda::Url': ({ name, props }, view) => {
    const kind = 'function URL';
    const authentication = view.text(props.AuthType) ?? 'not stated';
    return {
      endpoints: [{ name, kind, access: 'public', ...details({ callers: callers(authentication) }) }],
      exposure: [{ name, kind, why: `callers: ${callers(authentication)}` }],
    };
  },
  'AWS::Lambda::Permission': ({ name, props }, view) =>
    view.text(props.Principal) === '*' && !NARROWED.some((prop) => props[prop] !== undefined)
      ? { exposure: [{ name, kind: 'function', why: `policy allows everyone ${view.text(props.Action) ?? ''}` }] }
      : undefined,
  'AWS::StepFunctions::StateMachine': (resource, view) => ({ workflows: [stateMachine(resource, view)] }),
};

// Conditions that restrict a permission for everyone: to calls by URL, which the reader of the URL reports, or to an organization.
const NARROWED = ['FunctionUrlAuthType', 'InvokedViaFunctionUrl', 'PrincipalOrgID', 'SourceArn', 'SourceAccount'];

function callers(authentication: string): string {
  return authentication === 'NONE' ? 'everyone' : authentication;
}

function stateMachine({ name, props }: Resource, view: View) {
  const definition = parsed(view.joined(props.DefinitionString)) ?? props.Definition;
  const states = Object.entries(countsOf(statesOf(definition)));
  return {
    name,
    kind: `${view.text(props.StateMachineType)?.toLowerCase() ?? 'standard'} state machine`,
    ...details({
      states: states.map(([type, count]) => `${count} ${type}`).join(', '),
      encryption: record(props.EncryptionConfiguration).KmsKeyId !== undefined && 'customer key',
      logs: view.text(record(props.LoggingConfiguration).Level)?.toLowerCase(),
    }),
  };
}

/** Returns the types of all states, including those inside maps and branches. */
function statesOf(definition: unknown): string[] {
  const { States } = record(definition);
  return Object.values(record(States)).flatMap((value) => {
    const state = record(value);
    const mode = record(record(state.ItemProcessor).ProcessorConfig).Mode;
    const type = mode === 'DISTRIBUTED' ? 'distributed Map' : word(state.Type);
    const inner = [state.ItemProcessor, state.Iterator, ...list(state.Branches)];
    return [type, ...inner.flatMap(statesOf)];
  });
}

/** Readers of EKS clusters, add-ons, charts and manifests. */
export const KUBERNETES_READERS: Readers = {
  'AWS::EKS::Cluster': (resource, view) => cluster(resource, view, resource.props),
  'Custom::AWSCDK-EKS-Cluster': (resource, view) => cluster(resource, view, capitalized(resource.props.Config)),
  'AWS::EKS::Addon': ({ name, props }, view) => ({
    kubernetes: [
      { name, kind: 'add-on', ...details({ of: view.text(props.AddonName), version: view.text(props.AddonVersion) }) },
    ],
  }),
  'Custom::AWSCDK-EKS-HelmChart': ({ name, props }, view) => ({
    kubernetes: [
      { name, kind: 'chart', ...details({ of: view.text(props.Chart), version: view.text(props.Version) }) },
    ],
  }),
  'Custom::AWSCDK-EKS-KubernetesResource': manifest,
};

function manifest({ name, props }: Resource, view: View): Partial<Sections> {
  const objects = records(parsed(view.joined(props.Manifest)));
  if (objects.length === 0) return { kubernetes: [{ name, kind: 'manifest known at deployment' }] };
  return objectSections(name, objects);
}

/** Capitalizes the keys of the older CDK cluster, which uses the lowercase names of the API. */
function capitalized(config: unknown): Props {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key[0]!.toUpperCase() + key.slice(1), convert(one)]),
    );
  };
  return record(convert(config));
}

function cluster({ name }: Resource, view: View, props: Props): Partial<Sections> {
  const network = record(props.ResourcesVpcConfig);
  const open = view.flag(network.EndpointPublicAccess) !== false;
  const ranges = list(network.PublicAccessCidrs).map((range) => view.text(range) ?? '');
  const [encryption] = records(props.EncryptionConfig);
  const kind = 'EKS cluster';
  return {
    endpoints: [
      {
        name,
        kind,
        access: open ? 'public' : 'private',
        // Without a customer-managed key, EKS uses its own key.
        encryption: view.encryption(record(encryption?.Provider).KeyArn),
        ...details({ version: view.text(props.Version) }),
      },
    ],
    ...(open && {
      exposure: [{ name, kind, why: `Kubernetes API, from ${ranges.length > 0 ? ranges.join(', ') : '0.0.0.0/0'}` }],
    }),
  };
}

/** Readers of keys and of the permissions of identities. */
export const SECURITY_READERS: Readers = {
  'AWS::KMS::Key': (resource, view) => {
    const { name, props } = resource;
    const why = openToEveryone(view, props.KeyPolicy);
    return {
      keys: [
        {
          name,
          kind: 'KMS key',
          ...details({
            rotation: view.flag(props.EnableKeyRotation) === true ? 'rotates' : 'does not rotate',
            deletion: `${onDelete(resource) ?? ''} with the stack`.replace('kept with', 'outlives'),
          }),
        },
      ],
      ...(why !== undefined && { exposure: [{ name, kind: 'KMS key', why }] }),
    };
  },
  'AWS::IAM::Role': identity('role'),
  'AWS::IAM::User': identity('user'),
  'AWS::IAM::Group': identity('group'),
  'AWS::IAM::Policy': attached,
  'AWS::IAM::ManagedPolicy': attached,
};

function identity(kind: string): Reader {
  return ({ name, props }, view) => {
    const inline = records(props.Policies).flatMap((policy) => wildcardsOf(view, policy.PolicyDocument));
    const administrator = list(props.ManagedPolicyArns).some((arn) =>
      view.joined(arn).endsWith('/AdministratorAccess'),
    );
    const open = openToEveryone(view, props.AssumeRolePolicyDocument);
    const permissions = broadPermissions(name, kind, [...inline, ...(administrator ? ['AdministratorAccess'] : [])]);
    if (permissions.length === 0 && open === undefined) return undefined;
    return { permissions, ...(open !== undefined && { exposure: [{ name, kind, why: `trust ${open}` }] }) };
  };
}

function attached(resource: Resource, view: View): Partial<Sections> | undefined {
  const { Roles, PolicyDocument } = record(resource.props);
  const wildcards = wildcardsOf(view, PolicyDocument);
  const roles = list(Roles).map((role) => view.find(role)?.name ?? resource.name);
  const permissions = (roles.length > 0 ? roles : [resource.name]).flatMap((name) =>
    broadPermissions(name, 'role', wildcards),
  );
  return permissions.length > 0 ? { permissions } : undefined;
}

function broadPermissions(name: string, kind: string, wildcards: readonly string[]): Part[] {
  if (wildcards.length === 0) return [];
  return [{ name, kind, ...details({ may: [...new Set(wildcards)].sort().join(', ') }) }];
}

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

/** Readers of firewalls, which block requests, and of guardrails, which block prompts and answers. */
export const GUARD_READERS: Readers = {
  'AWS::WAFv2::WebACL': (resource, view) => ({ guards: [firewall(resource, view)] }),
  'AWS::Bedrock::Guardrail': (resource, view) => ({ guards: [guardrail(resource, view)] }),
};

function firewall({ name, props }: Resource, view: View): Part {
  const rules = records(props.Rules).map((rule) => {
    const { RateBasedStatement } = record(rule.Statement);
    const limit = view.text(record(RateBasedStatement).Limit);
    return [view.text(rule.Name) ?? 'a rule', limit].filter(Boolean).join(' at ');
  });
  const { Block } = record(props.DefaultAction);
  return {
    name,
    kind: 'WAF',
    ...details({ otherwise: Block === undefined ? 'allows' : 'blocks', rules: rules.sort().join(', ') }),
  };
}

function guardrail({ name, props }: Resource, view: View): Part {
  const filters = records(record(props.ContentPolicyConfig).FiltersConfig).map(
    ({ Type, InputStrength, OutputStrength }) =>
      `${view.text(Type) ?? ''} ${view.text(InputStrength) ?? ''}/${view.text(OutputStrength) ?? ''}`,
  );
  const personal = record(props.SensitiveInformationPolicyConfig);
  const actions = [...records(personal.PiiEntitiesConfig), ...records(personal.RegexesConfig)].map(
    ({ Action }) => view.text(Action) ?? '',
  );
  const topics = records(record(props.TopicPolicyConfig).TopicsConfig).map((one) => view.text(one.Name) ?? '');
  return {
    name,
    kind: 'guardrail',
    ...details({
      filters: filters.sort().join(', '),
      'sensitive information': Object.entries(countsOf(actions))
        .map(([action, count]) => `${count} ${action}`)
        .join(', '),
      'denied topics': topics.sort().join(', '),
    }),
  };
}

/** Readers of CloudFormation resources by type. Add a new reader to the file for its kind of resource. */
export const CLOUDFORMATION_READERS: Readers = {
  ...COMPUTE_READERS,
  ...JOB_READERS,
  ...SAGEMAKER_READERS,
  ...KUBERNETES_READERS,
  ...STORAGE_READERS,
  ...MESSAGING_READERS,
  ...API_READERS,
  ...FUNCTION_READERS,
  ...NETWORK_READERS,
  ...SECURITY_READERS,
  ...GUARD_READERS,
  ...OPERATION_READERS,
};
