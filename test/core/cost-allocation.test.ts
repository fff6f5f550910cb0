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
  test('of the five required props have the same keys on every cloud', () => {
    expect(costTags(ATLAS)).toEqual({
      project: 'atlas',
      team: 'research',
      environment: 'prod',
      'cost-center': 'R-17',
      owner: 'ml-platform',
    });
  });

  test('carry what else is known, and further tags', () => {
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
  test.each(REQUIRED_COST_PROPS)('%s may not be left out, empty or null', (prop) => {
    for (const value of [undefined, '', null]) {
      expect(problemsOf({ ...ATLAS, [prop]: value })).toEqual([`TagMissing ${prop}`]);
    }
  });

  test('is named with its tag key and the fix', () => {
    expect(() => costTags({ ...ATLAS, costCenter: '' })).toThrow(
      "costCenter must be given: every resource carries 'cost-center', got ''. Set costCenter. [TagMissing]",
    );
  });

  test('is missing five times over when nothing is given', () => {
    const all = REQUIRED_COST_PROPS.map((prop) => `TagMissing ${prop}`);

    expect(problemsOf({})).toEqual(all);
    expect(problemsOf(undefined)).toEqual(all);
  });
});

describe('a value', () => {
  test.each(['a', '7', 'R-17', 'ml_platform', 'x'.repeat(63), 'aliyu'])('may be %p', (value) => {
    expect(problemsOf({ ...ATLAS, team: value })).toEqual([]);
  });

  test.each([
    ['a space, which Google Cloud refuses', 'ml platform'],
    ['a mail address, which Google Cloud refuses', 'ml@example.com'],
    ['a dot, which Google Cloud refuses', 'v1.2'],
    ['64 characters, one more than Google Cloud takes', 'x'.repeat(64)],
    ['a letter outside ASCII', 'forschungsgröße'],
    ['a hyphen at the start', '-a'],
    ['a line break at the end', 'atlas\n'],
    ['what AWS keeps for itself', 'aws:atlas'],
    ['what Alibaba Cloud keeps for itself, in any case', 'Aliyun-atlas'],
    ['a token', '${Token[TOKEN.1]}'],
    ['a number', 17],
    ['an object', {}],
  ])('may not be %s', (_what, value) => {
    expect(problemsOf({ ...ATLAS, team: value })).toEqual(['TagValue team']);
  });

  test.each(['dataClass', 'workload', 'endDate'])(
    'of the optional %s may be left out, but not empty or null',
    (prop) => {
      expect(problemsOf({ ...ATLAS, [prop]: undefined })).toEqual([]);
      expect(problemsOf({ ...ATLAS, [prop]: '' })).toEqual([`TagValue ${prop}`]);
      expect(problemsOf({ ...ATLAS, [prop]: null })).toEqual([`TagValue ${prop}`]);
    },
  );

  test('is told with the rule', () => {
    expect(() => costTags({ ...ATLAS, owner: 'a b' })).toThrow(
      `owner must be 1 to 63 letters, digits, "-" or "_", beginning with a letter or digit, but not with aliyun, got 'a b'.`,
    );
  });
});

describe('the end date', () => {
  test.each(['2027-03-31', '2028-02-29'])('may be %s', (endDate) => {
    expect(problemsOf({ ...ATLAS, endDate })).toEqual([]);
  });

  test.each(['2027-02-29', '2027-13-01', '2027-3-31', '31-03-2027', 'soon', '2027-03-31T00'])(
    'may not be %s',
    (endDate) => {
      expect(problemsOf({ ...ATLAS, endDate })).toEqual(['TagValue endDate']);
    },
  );
});

describe('a further tag', () => {
  const withTag = (key: string, value: unknown = 'x') => problemsOf({ ...ATLAS, additionalTags: { [key]: value } });

  test.each(['cluster', 'a', 'a1_b-c', 'k'.repeat(63), 'my-azure'])('may have the key %p', (key) => {
    expect(withTag(key)).toEqual([]);
  });

  test.each([
    ['upper case, which Google Cloud refuses', 'Cluster'],
    ['a digit at the start, which Google Cloud refuses', '1st'],
    ['64 characters', 'k'.repeat(64)],
    ['a colon, which Google Cloud refuses and AWS keeps', 'aws:cluster'],
    ['a slash, which Azure refuses', 'a/b'],
    ['nothing', ''],
    ['a beginning that Azure keeps', 'azure-zone'],
    ['another beginning that Azure keeps', 'microsoft-zone'],
    ['a third beginning that Azure keeps', 'windows-zone'],
    ['a beginning that Alibaba Cloud keeps', 'aliyun-zone'],
    ['another beginning that Alibaba Cloud keeps', 'acs-zone'],
  ])('may not have a key with %s', (_what, key) => {
    expect(withTag(key)).toEqual([`TagKey additionalTags.${key}`]);
  });

  test('may not take the key of a prop', () => {
    expect(() => costTags({ ...ATLAS, additionalTags: { 'cost-center': 'R-18' } })).toThrow(
      "additionalTags.cost-center must be a key of its own, got 'cost-center'. Set the prop of that name in its place. [TagKey]",
    );
  });

  test('has a value under the same rule', () => {
    expect(withTag('cluster', 'a b')).toEqual(['TagValue additionalTags.cluster']);
  });
});

test('all that is wrong is told at once', () => {
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

test('whatever is given either gives tags that Google Cloud takes once lowered, or a coded error', () => {
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
