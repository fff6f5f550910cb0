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
    expirationDays: 'optional',
    noncurrentVersionExpirationDays: 'optional',
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
    alertEmails: 'optional',
    alertActionGroups: 'optional',
    actualPercent: 'optional',
    forecastPercent: 'optional',
    startMonth: 'optional',
  },
};

const alert: Subject<CostAnomalyAlertProps> = {
  make: (...given) => new CostAnomalyAlert(...given),
  props: () => ({ alertEmails: ['ml@example.com'] }),
  kinds: { alertEmails: 'required', message: 'optional' },
};

const policy: Subject<TagPolicyProps> = {
  make: (...given) => new TagPolicy(...given),
  props: () => ({}),
  kinds: { resourceGroup: 'optional', requiredTags: 'optional', effect: 'optional' },
};

// The props type of each subject is erased here.
const SUBJECTS = Object.entries({ group, key, network, bucket, fileSystem, budget, alert, policy }) as unknown as [
  string,
  Subject<Record<string, unknown>>,
][];

describe.each(SUBJECTS)('%s', (_, subject) => {
  test('accepts valid props', () => {
    expect(outcome(subject, (props) => props)).toBe('accepted');
  });

  test.each(Object.entries(subject.kinds))(
    '%s: every value is accepted, or rejected with the name of the prop',
    (prop) => {
      for (const [name, value] of HOSTILE) {
        const result = outcome(subject, (props) => ({ ...props, [prop]: value }));
        if (result !== 'accepted')
          expect([name, result.some((problem) => mentions(problem, prop))]).toEqual([name, true]);
      }
    },
  );

  test('rejects missing required props', () => {
    for (const [prop, need] of Object.entries(subject.kinds)) {
      const result = outcome(subject, (props) => ({ ...props, [prop]: undefined }));
      if (need === 'required') expect([prop, result]).not.toEqual([prop, 'accepted']);
    }
  });

  test('rejects values that are not props', () => {
    for (const [, value] of HOSTILE.filter(([name]) => !name.startsWith('{'))) {
      // An empty object is valid if all props have defaults.
      const result = outcome(subject, () => value);
      if (result === 'accepted') expect(typeof value).toBe('object');
    }
  });
});

/** Props whose value changes the requirements of another prop, which the problem then names. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  sizeGiB: ['requiredThroughputMBps'],
  requiredThroughputMBps: ['sizeGiB'],
  subnetId: ['subnetCidr'],
  cidr: ['nodeCidr', 'endpointCidr'],
  versioned: ['restoreDays'],
  nfs: ['network'],
};

function mentions(problem: string, prop: string): boolean {
  return [prop, ...(TOGETHER[prop] ?? [])].some((name) => problem.startsWith(name));
}
