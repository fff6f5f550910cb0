import { AiInfraError } from 'ai-infra-constructs';
import { bestCheckpointInterval } from '../../../../lib/core/planning/storage/checkpoint';

test.each([
  [0, 3600],
  [98, -1],
  [Number.NaN, 3600],
  ['98', 3600],
  [undefined, undefined],
])('a formula rejects %p and %p by name, also from an untyped caller', (write, failures) => {
  const run = () => bestCheckpointInterval(write as number, failures!);
  expect(run).toThrow(expect.objectContaining({ code: 'PlanningInput' }));
  try {
    run();
  } catch (error) {
    expect(AiInfraError.isAiInfraError(error)).toBe(true);
  }
});
