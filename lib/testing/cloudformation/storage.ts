import type { Encryption, Exposure, Sections, StorageUnit } from '../architecture';
import {
  list,
  type Props,
  record,
  records,
  word,
  amount,
  details,
  MANAGED,
  type Reader,
  type Readers,
  type Resource,
  UNENCRYPTED,
  type View,
} from '../view';
import { openToEveryone } from './assembly';

/** Readers of storage: buckets, file systems, disks, tables, logs, images, databases and secrets. */
export const STORAGE_READERS: Readers = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': (resource, view) => opened(resource, view, 'S3 bucket', resource.props.Bucket),
  'AWS::FSx::FileSystem': unit(fsx),
  'AWS::EFS::FileSystem': unit(({ props }, view) => ({
    kind: 'EFS',
    throughput: amount(view.number(props.ProvisionedThroughputInMibps), 'MiB/s') ?? view.text(props.ThroughputMode),
    encryption: view.flag(props.Encrypted) === true ? view.encryption(props.KmsKeyId) : UNENCRYPTED,
  })),
  'AWS::EC2::Volume': unit(({ props }, view) => ({
    kind: `EBS ${view.text(props.VolumeType) ?? 'gp2'}`,
    sizeGiB: view.number(props.Size),
    throughput: amount(view.number(props.Throughput), 'MiB/s'),
    encryption: view.flag(props.Encrypted) === true ? view.encryption(props.KmsKeyId) : UNENCRYPTED,
  })),
  'AWS::DynamoDB::Table': unit(({ props }, view) => ({
    kind: 'DynamoDB table',
    encryption: view.encryption(record(props.SSESpecification).KMSMasterKeyId),
    retention: restorable(view, props.PointInTimeRecoverySpecification),
    ...details({ billing: view.text(props.BillingMode)?.toLowerCase().replaceAll('_', ' ') }),
  })),
  'AWS::DynamoDB::GlobalTable': unit(({ props }, view) => ({
    kind: 'DynamoDB global table',
    encryption: view.encryption(records(props.Replicas).map((one) => record(one.SSESpecification).KMSMasterKeyId)[0]),
    retention: restorable(view, records(props.Replicas)[0]?.PointInTimeRecoverySpecification),
    ...details({ billing: view.text(props.BillingMode)?.toLowerCase().replaceAll('_', ' ') }),
  })),
  'AWS::Logs::LogGroup': unit(({ props }, view) => ({
    kind: 'log group',
    encryption: view.encryption(props.KmsKeyId),
    retention: amount(view.number(props.RetentionInDays), 'days') ?? 'forever',
  })),
  'AWS::ECR::Repository': unit(({ props }, view) => ({
    kind: 'image repository',
    encryption: view.encryption(record(props.EncryptionConfiguration).KmsKey),
    ...details({ tags: view.text(props.ImageTagMutability)?.toLowerCase() }),
  })),
  'AWS::OpenSearchService::Domain': searchDomain,
  'AWS::Elasticsearch::Domain': searchDomain,
  'AWS::RDS::DBInstance': database('RDS instance'),
  'AWS::RDS::DBCluster': database('RDS cluster'),
  'AWS::SecretsManager::Secret': unit(({ props }, view) => ({
    kind: 'secret',
    encryption: view.encryption(props.KmsKeyId),
  })),
};

/** A domain without a VPC has a public endpoint. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html */
function searchDomain(resource: Resource, view: View): Partial<Sections> {
  const { name, props } = resource;
  const kind = 'OpenSearch domain';
  const atRest = record(props.EncryptionAtRestOptions);
  const encryption = view.flag(atRest.Enabled) === true ? view.encryption(atRest.KmsKeyId) : UNENCRYPTED;
  const isPublic = props.VPCOptions === undefined;
  const why = openToEveryone(view, props.AccessPolicies) ?? 'endpoint outside a VPC';
  return {
    storage: [{ name, kind, encryption, onDelete: onDelete(resource) }],
    endpoints: [{ name, kind, access: isPublic ? 'public' : 'private' }],
    ...(isPublic && { exposure: [{ name, kind, why }] }),
  };
}

type Read = (resource: Resource, view: View) => Omit<StorageUnit, 'name' | 'onDelete'>;

function unit(read: Read): Reader {
  return (resource, view) => ({
    storage: [{ name: resource.name, ...read(resource, view), onDelete: onDelete(resource) }],
  });
}

/** Returns what happens to a resource when its stack is deleted. */
export function onDelete({ entry }: Resource): StorageUnit['onDelete'] {
  const policy = word(entry.DeletionPolicy ?? 'Delete');
  return policy.startsWith('Retain') ? 'kept' : policy === 'Snapshot' ? 'snapshot' : 'deleted';
}

function bucket(resource: Resource, view: View): Partial<Sections> {
  const { name, props } = resource;
  const kind = 'S3 bucket';
  const exposure: Exposure[] = [
    ...(props.WebsiteConfiguration === undefined ? [] : [{ name, kind, why: 'website hosting is on' }]),
    ...((view.text(props.AccessControl) ?? '').startsWith('PublicRead')
      ? [{ name, kind, why: 'its ACL allows everyone to read' }]
      : []),
  ];
  return {
    storage: [
      {
        name,
        kind,
        encryption: bucketEncryption(view, props),
        retention: bucketRetention(view, props),
        onDelete: onDelete(resource),
        ...details({
          versions: view.text(record(props.VersioningConfiguration).Status) === 'Enabled' && 'kept',
          'public access': publicAccessOf(view, props),
        }),
      },
    ],
    exposure,
  };
}

/** S3 encrypts every object with its own key by default. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html */
function bucketEncryption(view: View, props: Props): Encryption {
  const [rule] = records(record(props.BucketEncryption).ServerSideEncryptionConfiguration);
  return view.encryption(record(rule?.ServerSideEncryptionByDefault).KMSMasterKeyID);
}

function bucketRetention(view: View, props: Props): string | undefined {
  const { Mode, Days, Years } = record(record(record(props.ObjectLockConfiguration).Rule).DefaultRetention);
  const rules = records(record(props.LifecycleConfiguration).Rules).filter(
    (rule) => view.text(rule.Status) !== 'Disabled',
  );
  const expires = rules.flatMap((rule) => view.number(rule.ExpirationInDays) ?? []).sort();
  const lock = amount(view.number(Days), 'days') ?? amount(view.number(Years), 'years');
  const words = [
    lock && `locked for ${lock} (${view.text(Mode)?.toLowerCase() ?? ''})`,
    ...expires.map((days) => `objects expire after ${days} days`),
  ];
  return words.filter(Boolean).join(', ') || undefined;
}

/** New buckets block public access by default. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
function publicAccessOf(view: View, props: Props): string {
  const { PublicAccessBlockConfiguration: stated } = props;
  if (stated === undefined) return 'blocked by default';
  const blocks = record(stated);
  const all = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
  const open = all.filter((each) => view.flag(blocks[each]) !== true);
  return open.length === 0 ? 'blocked' : open.length === all.length ? 'not blocked' : `not blocked: ${open.join(', ')}`;
}

/** Reads what a resource policy opens. A policy that opens nothing is counted with the other resources. */
export function opened(resource: Resource, view: View, kind: string, of: unknown): Partial<Sections> | undefined {
  const why = openToEveryone(view, resource.props.PolicyDocument);
  if (why === undefined) return undefined;
  const names = list(of).map((one) => view.find(one)?.name ?? resource.name);
  return { exposure: names.map((name) => ({ name, kind, why })) };
}

function fsx({ props }: Resource, view: View): ReturnType<Read> {
  const lustre = record(props.LustreConfiguration);
  const others = ['OntapConfiguration', 'OpenZFSConfiguration', 'WindowsConfiguration'].map((each) =>
    record(props[each]),
  );
  const perTiB = amount(view.number(lustre.PerUnitStorageThroughput), 'MB/s per TiB');
  const whole = others.map((one) => amount(view.number(one.ThroughputCapacity), 'MB/s')).find((text) => text);
  const backups = [lustre, ...others].map((one) => view.number(one.AutomaticBackupRetentionDays)).find(Boolean);
  return {
    kind: ['FSx', view.text(props.FileSystemType), view.text(lustre.DeploymentType), view.text(props.StorageType)]
      .filter(Boolean)
      .join(' '),
    sizeGiB: view.number(props.StorageCapacity),
    throughput: perTiB ?? whole,
    encryption: view.encryption(props.KmsKeyId, MANAGED),
    retention: amount(backups, 'days of backups'),
    ...details({ efa: view.flag(lustre.EfaEnabled) === true && 'on' }),
  };
}

function restorable(view: View, specification: unknown): string | undefined {
  return view.flag(record(specification).PointInTimeRecoveryEnabled) === true ? 'restorable to any point' : undefined;
}

function database(kind: string): Reader {
  return (resource, view) => {
    const { name, props } = resource;
    const encrypted = view.flag(props.StorageEncrypted) === true || props.KmsKeyId !== undefined;
    const open = view.flag(props.PubliclyAccessible) === true;
    return {
      storage: [
        {
          name,
          kind: `${kind} (${view.text(props.Engine) ?? 'engine of its snapshot'})`,
          sizeGiB: view.number(props.AllocatedStorage),
          encryption: encrypted ? view.encryption(props.KmsKeyId) : UNENCRYPTED,
          retention: amount(view.number(props.BackupRetentionPeriod), 'days of backups'),
          onDelete: onDelete(resource),
          ...details({ class: view.text(props.DBInstanceClass) }),
        },
      ],
      ...(open && { exposure: [{ name, kind, why: 'publicly accessible' }] }),
    };
  };
}
