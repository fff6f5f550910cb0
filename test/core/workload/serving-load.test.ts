import fc from 'fast-check';
import {
  ModelSpec,
  SERVICE_LEVELS,
  type ServiceLevelName,
  ServingLoad,
  type ServingLoadProps,
} from 'ai-infra-constructs';
import { BYTES_PER_VALUE, PRECISIONS } from '../../../lib/core/workload/model-spec';
import { errorOf, problemsOf } from '../catalog/errors-of';

const BASE: ServingLoadProps = {
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 250,
  requestsPerSecond: 4,
};
const wrong = (props: Partial<Record<keyof ServingLoadProps, unknown>>) =>
  problemsOf(() => ServingLoad.of({ ...BASE, ...props } as ServingLoadProps)).map((problem) => problem.split(' ')[1]);

describe('a serving load', () => {
  test('has no latency target by default', () => {
    const load = ServingLoad.of(BASE);
    expect(load).toMatchObject({ percentile: 99, weightPrecision: undefined, kvPrecision: 'bf16' });
    expect([load.ttftMs, load.tpotMs, load.concurrency]).toEqual([undefined, undefined, undefined]);
    expect([load.outputTokensPerSecond, load.contextTokens]).toEqual([1000, 1250]);
    expect(Object.isFrozen(load)).toBe(true);
  });

  test('has no rate if it is set by concurrency', () => {
    const load = ServingLoad.of({ ...BASE, requestsPerSecond: undefined, concurrency: 64 });
    expect([load.concurrency, load.outputTokensPerSecond]).toEqual([64, undefined]);
  });

  test('can use a service level, which other props override', () => {
    const load = ServingLoad.of({ ...BASE, serviceLevel: 'mlperf-70b-interactive', tpotMs: 25, percentile: 95 });
    expect(load).toMatchObject({ ttftMs: 450, tpotMs: 25, percentile: 95 });
  });

  test.each<[string, Partial<Record<keyof ServingLoadProps, unknown>>, string[]]>([
    ['no model', { model: {} }, ['model']],
    ['no tokens', { inputTokens: 0, outputTokens: NaN }, ['inputTokens', 'outputTokens']],
    ['no rate at all', { requestsPerSecond: undefined }, ['requestsPerSecond']],
    ['two rates', { concurrency: 4 }, ['requestsPerSecond']],
    ['a rate of none', { requestsPerSecond: -1 }, ['requestsPerSecond']],
    ['latencies that are none', { ttftMs: 0, tpotMs: '40' }, ['ttftMs', 'tpotMs']],
    ['all requests', { percentile: 100 }, ['percentile']],
    ['a level that is none', { serviceLevel: 'toString' }, ['serviceLevel']],
    ['precisions that are none', { weightPrecision: 'int4', kvPrecision: 8 }, ['weightPrecision', 'kvPrecision']],
    ['more tokens than the context', { inputTokens: 131_000 }, ['inputTokens']],
  ])('is rejected with %s', (_, props, expected) => {
    expect(wrong(props)).toEqual(expected);
  });

  test.each([undefined, null, 7])('%p is rejected with a code', (props) => {
    expect(errorOf(() => ServingLoad.of(props as unknown as ServingLoadProps)).code).toBe('ServingLoadInvalid');
  });
});

describe('service levels', () => {
  test('have lower targets if they are interactive', () => {
    const names = Object.keys(SERVICE_LEVELS).filter((name) => name.endsWith('-interactive')) as ServiceLevelName[];
    expect(names).toHaveLength(3);
    for (const name of names) {
      const plain = SERVICE_LEVELS[name.replace('-interactive', '') as ServiceLevelName];
      expect(SERVICE_LEVELS[name].ttftMs).toBeLessThan(plain.ttftMs);
      expect(SERVICE_LEVELS[name].tpotMs).toBeLessThan(plain.tpotMs);
    }
  });
});

test('every load is created or rejected with codes', () => {
  const value = fc.oneof(fc.integer({ min: -2, max: 500 }), fc.anything());
  const keys = [
    'inputTokens',
    'outputTokens',
    'requestsPerSecond',
    'concurrency',
    'percentile',
    'serviceLevel',
    'kvPrecision',
  ];
  const props = fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
  fc.assert(
    fc.property(props, (given) => {
      try {
        return ServingLoad.of({ ...BASE, ...given }).contextTokens > 0;
      } catch (error) {
        return (error as { code: string }).code === 'ServingLoadInvalid';
      }
    }),
  );
});

test('a value has fewer bytes at lower precision', () => {
  expect(PRECISIONS.map((precision) => BYTES_PER_VALUE[precision])).toEqual([2, 1, 0.5625]);
});
