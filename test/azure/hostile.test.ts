import {
  CostAnomalyAlert,
  type CostAnomalyAlertProps,
  CostBudget,
  type CostBudgetProps,
  DataBucket,
  type DataBucketProps,
  EncryptionKey,
  type EncryptionKeyProps,
  LustreFileSystem,
  type LustreFileSystemProps,
  MlNetwork,
  type MlNetworkProps,
  ResourceGroup,
  type ResourceGroupProps,
  TagPolicy,
  type TagPolicyProps,
} from 'ai-infra-constructs/azure';
import { HOSTILE, outcome, type Subject } from './hostile';

const resourceGroup = { name: 'mine', location: 'swedencentral' };

const group: Subject<ResourceGroupProps> = {
  make: (...given) => new ResourceGroup(...given),
  props: () => ({ location: 'swedencentral' }),
  kinds: { location: 'required', name: 'optional' },
};

const key: Subject<EncryptionKeyProps> = {
  make: (...given) => new EncryptionKey(...given),
  props: () => ({ resourceGroup }),
  kinds: { resourceGroup: 'required', trustedServicesOnly: 'optional' },
};

const network: Subject<MlNetworkProps> = {
  make: (...given) => new MlNetwork(...given),
  props: () => ({ resourceGroup }),
  kinds: {
    resourceGroup: 'required',
    cidr: 'optional',
    nodeCidr: 'optional',
    endpointCidr: 'optional',
    podCidr: 'optional',
    serviceCidr: 'optional',
    zone: 'optional',
  },
};

const bucket: Subject<DataBucketProps> = {
  make: (...given) => new DataBucket(...given),
  props: () => ({ resourceGroup }),
  kinds: {
    resourceGroup: 'required',
    network: 'optional',
    purpose: 'optional',
    dataClass: 'optional',
    encryptionKey: 'optional',
    accessLogs: 'optional',
    versioned: 'optional',
    hierarchical: 'optional',
    premium: 'optional',
    nfs: 'optional',
    accountKeys: 'optional',
    redundancy: 'optional',
    keepDays: 'optional',
    keepOldVersionsDays: 'optional',
    softDeleteDays: 'optional',
    restoreDays: 'optional',
    retention: 'optional',
  },
};

const fileSystem: Subject<LustreFileSystemProps> = {
  make: (...given) => new LustreFileSystem(...given),
  props: (stack) => ({
    resourceGroup,
    network: new MlNetwork(stack, 'Network', { resourceGroup }),
    zone: '1',
    requiredThroughputMBps: 1000,
  }),
  kinds: {
    resourceGroup: 'required',
    network: 'required',
    zone: 'required',
    sizeGiB: 'optional',
    throughputMBpsPerTiB: 'optional',
    requiredThroughputMBps: 'required',
    subnetId: 'optional',
    subnetCidr: 'optional',
    clientCidrs: 'optional',
    encryptionKey: 'optional',
    blobIntegration: 'optional',
    rootSquash: 'optional',
    maintenance: 'optional',
  },
};

const budget: Subject<CostBudgetProps> = {
  make: (...given) => new CostBudget(...given),
  props: () => ({ monthlyUsd: 1000 }),
  kinds: {
    monthlyUsd: 'required',
    resourceGroup: 'optional',
    tags: 'optional',
    emails: 'optional',
    actionGroups: 'optional',
    actualPercent: 'optional',
    forecastPercent: 'optional',
    startMonth: 'optional',
  },
};

const alert: Subject<CostAnomalyAlertProps> = {
  make: (...given) => new CostAnomalyAlert(...given),
  props: () => ({ emails: ['ml@example.com'] }),
  kinds: { emails: 'required', message: 'optional' },
};

const policy: Subject<TagPolicyProps> = {
  make: (...given) => new TagPolicy(...given),
  props: () => ({}),
  kinds: { resourceGroup: 'optional', requiredTags: 'optional', effect: 'optional' },
};

// A subject knows its own props; here it is any.
const SUBJECTS = Object.entries({ group, key, network, bucket, fileSystem, budget, alert, policy }) as unknown as [
  string,
  Subject<Record<string, unknown>>,
][];

describe.each(SUBJECTS)('%s', (_, subject) => {
  test('is made of what is right', () => {
    expect(outcome(subject, (props) => props)).toBe('accepted');
  });

  test.each(Object.entries(subject.kinds))(
    '%s: whatever stands in its place is accepted, or refused by its name',
    (prop) => {
      for (const [name, value] of HOSTILE) {
        const came = outcome(subject, (props) => ({ ...props, [prop]: value }));
        if (came !== 'accepted') expect([name, came.some((told) => mentions(told, prop))]).toEqual([name, true]);
      }
    },
  );

  test('what is required cannot be left out', () => {
    for (const [prop, need] of Object.entries(subject.kinds)) {
      const came = outcome(subject, (props) => ({ ...props, [prop]: undefined }));
      if (need === 'required') expect([prop, came]).not.toEqual([prop, 'accepted']);
    }
  });

  test('takes no other set of props', () => {
    for (const [, value] of HOSTILE.filter(([name]) => !name.startsWith('{'))) {
      // Where all props have defaults, an object without any is right.
      const came = outcome(subject, () => value);
      if (came === 'accepted') expect(typeof value).toBe('object');
    }
  });
});

/** Where the one prop decides what is asked of another, the problem is told of that one. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  sizeGiB: ['requiredThroughputMBps'],
  requiredThroughputMBps: ['sizeGiB'],
  subnetId: ['subnetCidr'],
  cidr: ['nodeCidr', 'endpointCidr'],
  versioned: ['restoreDays'],
  nfs: ['network'],
};

function mentions(told: string, prop: string): boolean {
  return [prop, ...(TOGETHER[prop] ?? [])].some((name) => told.startsWith(name));
}
