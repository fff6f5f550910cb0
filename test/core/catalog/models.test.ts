import { type ModelRow, MODELS, ModelSpec } from 'ai-infra-constructs';
import { STATED_TOLERANCE } from '../../../lib/core/workload/model-spec';

const ROWS = Object.entries(MODELS) as [string, ModelRow][];

describe.each(ROWS)('%s', (name, row) => {
  const spec = ModelSpec.fromName(name);

  test('has a source', () => {
    expect(row.source.length).toBeGreaterThan(10);
  });

  test('passes the checks for models of the user', () => {
    expect(ModelSpec.of({ name, ...row })).toEqual(spec);
  });

  test('has the size stated by its publisher', () => {
    if (row.statedParameters === undefined) return;
    expect(Math.abs(spec.parameters / row.statedParameters - 1)).toBeLessThan(STATED_TOLERANCE);
  });

  test('has a stated size, or an unverified note', () => {
    if (row.statedParameters === undefined) expect(row.unverified).toMatch(/text part only/);
    expect(row.statedActiveParameters !== undefined).toBe(row.moe !== undefined);
  });
});
