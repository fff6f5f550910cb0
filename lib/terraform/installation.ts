import type { Problem, ProblemCollector } from '../core/errors';
import { brand } from '../core/prop-schema';
import { helmRelease } from './provider';

/**
 * Who installs the software of a cluster.
 *
 * @example
 * ```ts
 * import { Installation } from 'ai-infra-constructs/azure';
 *
 * const installation = Installation.gitOps();
 * ```
 */
export class Installation {
  /** Terraform, with the Helm provider of the stack. The provider must be able to reach the cluster. */
  static byDeployment(): Installation {
    return new Installation(true);
  }

  /** A GitOps tool such as Flux or Argo CD. Charts and manifests with the same pins are written to the stack folder. */
  static gitOps(): Installation {
    return new Installation(false);
  }

  private constructor(
    /** Whether Terraform installs the software. */
    public readonly byDeployment: boolean,
  ) {}

  /** @internal Adds a problem if Terraform installs the software, but the Helm provider package is missing. */
  check(problems: ProblemCollector): void {
    if (this.byDeployment && !helmRelease()) problems.add(PACKAGE_MISSING);
  }
}

brand(Installation, 'terraform.Installation');

const PACKAGE_MISSING: Problem = {
  code: 'ProviderMissing',
  prop: 'installation',
  allowed: 'Installation.gitOps() without the Helm provider package',
  got: 'no package @cdktf/provider-helm',
  fix: 'Run `npm install @cdktf/provider-helm@^12.1.2`, or use Installation.gitOps().',
};
