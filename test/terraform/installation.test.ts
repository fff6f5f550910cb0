import { Installation } from 'ai-infra-constructs/google';
import { ProblemCollector } from '../../lib/core/errors';
import { INSTALLATION } from '../../lib/terraform/prop-schemas';
import * as provider from '../../lib/terraform/provider';

jest.mock('../../lib/terraform/provider', () => ({ helmRelease: jest.fn(() => class {}) }));
const helmRelease = jest.mocked(provider.helmRelease);

function codesOf(installation: Installation): string[] {
  const problems = new ProblemCollector();
  installation.check(problems);
  return problems.all.map(({ code }) => code);
}

describe('without the Helm provider package', () => {
  beforeAll(() => helmRelease.mockReturnValue(undefined));

  test('rejects an installation by Terraform', () => {
    expect(codesOf(Installation.byDeployment())).toEqual(['ProviderMissing']);
  });

  test('accepts GitOps', () => {
    expect(codesOf(Installation.gitOps())).toEqual([]);
  });
});

test('recognizes an installation from another copy of the package', () => {
  const problems = new ProblemCollector();
  expect(INSTALLATION.validate(problems, 'installation', Installation.gitOps())).toBe(true);
  expect(INSTALLATION.validate(problems, 'installation', { byDeployment: true })).toBe(false);
});
