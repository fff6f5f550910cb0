import { Problems } from '../../lib/core/errors';
import { Installation, INSTALLATION } from '../../lib/terraform/installation';
import * as provider from '../../lib/terraform/provider';

jest.mock('../../lib/terraform/provider', () => ({ helmRelease: jest.fn(() => class {}) }));
const helmRelease = jest.mocked(provider.helmRelease);

function codesOf(installation: Installation): string[] {
  const problems = new Problems();
  installation.check(problems);
  return problems.all.map(({ code }) => code);
}

describe('where the package of the Helm provider is missing', () => {
  beforeAll(() => helmRelease.mockReturnValue(undefined));

  test('a deployment has nothing to install with', () => {
    expect(codesOf(Installation.byDeployment())).toEqual(['ProviderMissing']);
  });

  test('GitOps needs none', () => {
    expect(codesOf(Installation.gitOps())).toEqual([]);
  });
});

test('an installation is known by its mark, whichever copy of the package made it', () => {
  const problems = new Problems();
  expect(INSTALLATION.fits(problems, 'installation', Installation.gitOps())).toBe(true);
  expect(INSTALLATION.fits(problems, 'installation', { byDeployment: true })).toBe(false);
});
