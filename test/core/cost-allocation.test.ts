import fc from 'fast-check';
import { AiInfraError, type CostAllocationProps, DataClass, REQUIRED_COST_PROPS, costTags } from 'ai-infra-constructs';

const ATLAS: CostAllocationProps = {
  project: 'atlas',
  team: 'research',
  environment: 'prod',
  costCenter: 'R-17',
  owner: 'ml-platform',
};

function problemsOf(props: unknown) {
  try {
    costTags(props as CostAllocationProps);
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    return error.problems.map(({ code, prop }) => `${code} ${prop}`);
  }
  return [];
}

describe('cost tags', () => {
  test('have the same keys for the five required props on every cloud', () => {
    expect(costTags(ATLAS)).toEqual({
      project: 'atlas',
      team: 'research',
      environment: 'prod',
      'cost-center': 'R-17',
      owner: 'ml-platform',
    });
  });

  test('include optional props and additional tags', () => {
    const tags = costTags({
      ...ATLAS,
      dataClass: DataClass.RESTRICTED,
      workload: 'pretraining',
      endDate: '2027-03-31',
      additionalTags: { cluster: 'pretrain-1' },
    });

    expect(tags).toMatchObject({
      'data-class': 'restricted',
      workload: 'pretraining',
      'end-date': '2027-03-31',
      cluster: 'pretrain-1',
    });
  });
});

describe('a required prop', () => {
  test.each(REQUIRED_COST_PROPS)('%s cannot be undefined, empty, or null', (prop) => {
    for (const value of [undefined, '', null]) {
      expect(problemsOf({ ...ATLAS, [prop]: value })).toEqual([`TagMissing ${prop}`]);
    }
  });

  test('is reported with its tag key and the fix', () => {
    expect(() => costTags({ ...ATLAS, costCenter: '' })).toThrow(
      "costCenter must be set, because every resource needs the tag 'cost-center' (got ''). Set costCenter. [TagMissing]",
    );
  });

  test('is reported five times when no props are given', () => {
    const all = REQUIRED_COST_PROPS.map((prop) => `TagMissing ${prop}`);

    expect(problemsOf({})).toEqual(all);
    expect(problemsOf(undefined)).toEqual(all);
  });
});

describe('a value', () => {
  test.each(['a', '7', 'R-17', 'ml_platform', 'x'.repeat(63), 'aliyu'])('can be %p', (value) => {
    expect(problemsOf({ ...ATLAS, team: value })).toEqual([]);
  });

  test.each([
    ['a space, which Google Cloud rejects', 'ml platform'],
    ['a mail address, which Google Cloud rejects', 'ml@example.com'],
    ['a dot, which Google Cloud rejects', 'v1.2'],
    ['64 characters, one more than Google Cloud allows', 'x'.repeat(64)],
    ['a letter outside ASCII', 'forschungsgröße'],
    ['a hyphen at the start', '-a'],
    ['a line break at the end', 'atlas\n'],
    ['a prefix that AWS reserves', 'aws:atlas'],
    ['a prefix that Alibaba Cloud reserves, in any case', 'Aliyun-atlas'],
    ['a token', '${Token[TOKEN.1]}'],
    ['a number', 17],
    ['an object', {}],
  ])('cannot be %s', (_what, value) => {
    expect(problemsOf({ ...ATLAS, team: value })).toEqual(['TagValue team']);
  });

  test.each(['dataClass', 'workload', 'endDate'])(
    'of the optional %s can be undefined, but not empty or null',
    (prop) => {
      expect(problemsOf({ ...ATLAS, [prop]: undefined })).toEqual([]);
      expect(problemsOf({ ...ATLAS, [prop]: '' })).toEqual([`TagValue ${prop}`]);
      expect(problemsOf({ ...ATLAS, [prop]: null })).toEqual([`TagValue ${prop}`]);
    },
  );

  test('is reported with the rule', () => {
    expect(() => costTags({ ...ATLAS, owner: 'a b' })).toThrow(
      `owner must be 1 to 63 letters, digits, "-" or "_", starting with a letter or digit. Tags are the same on every cloud, so they cannot start with aliyun (got 'a b').`,
    );
  });
});

describe('the end date', () => {
  test.each(['2027-03-31', '2028-02-29'])('can be %s', (endDate) => {
    expect(problemsOf({ ...ATLAS, endDate })).toEqual([]);
  });

  test.each(['2027-02-29', '2027-13-01', '2027-3-31', '31-03-2027', 'soon', '2027-03-31T00'])(
    'cannot be %s',
    (endDate) => {
      expect(problemsOf({ ...ATLAS, endDate })).toEqual(['TagValue endDate']);
    },
  );
});

describe('an additional tag', () => {
  const withTag = (key: string, value: unknown = 'x') => problemsOf({ ...ATLAS, additionalTags: { [key]: value } });

  test.each(['cluster', 'a', 'a1_b-c', 'k'.repeat(63), 'my-azure'])('can have the key %p', (key) => {
    expect(withTag(key)).toEqual([]);
  });

  test.each([
    ['upper case, which Google Cloud rejects', 'Cluster'],
    ['a digit at the start, which Google Cloud rejects', '1st'],
    ['64 characters', 'k'.repeat(64)],
    ['a colon, which Google Cloud rejects and AWS reserves', 'aws:cluster'],
    ['a slash, which Azure rejects', 'a/b'],
    ['nothing', ''],
    ['a prefix that Azure reserves', 'azure-zone'],
    ['another prefix that Azure reserves', 'microsoft-zone'],
    ['a third prefix that Azure reserves', 'windows-zone'],
    ['a prefix that Alibaba Cloud reserves', 'aliyun-zone'],
    ['another prefix that Alibaba Cloud reserves', 'acs-zone'],
  ])('cannot have a key with %s', (_what, key) => {
    expect(withTag(key)).toEqual([`TagKey additionalTags.${key}`]);
  });

  test('cannot have the key of a prop', () => {
    expect(() => costTags({ ...ATLAS, additionalTags: { 'cost-center': 'R-18' } })).toThrow(
      "additionalTags.cost-center must be a key that no prop sets (got 'cost-center'). Set the prop with that name instead. [TagKey]",
    );
  });

  test('has the same rule for its value', () => {
    expect(withTag('cluster', 'a b')).toEqual(['TagValue additionalTags.cluster']);
  });
});

test('reports all problems at once', () => {
  expect(
    problemsOf({ ...ATLAS, team: undefined, owner: 'a@b', endDate: 'soon', additionalTags: { A: 'b c' } }),
  ).toEqual([
    'TagMissing team',
    'TagValue owner',
    'TagValue endDate',
    'TagKey additionalTags.A',
    'TagValue additionalTags.A',
  ]);
});

test('any input gives either tags that Google Cloud accepts in lower case, or a coded error', () => {
  const anything = fc.oneof(fc.constant('atlas'), fc.string(), fc.anything());
  const props = fc.record(
    { ...Object.fromEntries(REQUIRED_COST_PROPS.map((prop) => [prop, anything])), endDate: anything },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(props, (given) => {
      if (problemsOf(given).length > 0) return;
      for (const [key, value] of Object.entries(costTags(given as unknown as CostAllocationProps))) {
        expect(key).toMatch(/^[a-z][a-z0-9_-]{0,62}$/);
        expect(value.toLowerCase()).toMatch(/^[a-z0-9_-]{1,63}$/);
      }
    }),
    { seed: 20261125, numRuns: 300 },
  );
});
