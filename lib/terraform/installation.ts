import { type Problem, type Problems } from '../core/errors';
import { branded, type Kind } from '../core/shapes';
import { helmRelease } from './provider';

/** Who installs what runs on the cluster. */
export class Installation {
  /** The deployment itself, with the Helm provider of the stack, which must reach the cluster. */
  static byDeployment(): Installation {
    return new Installation(true);
  }

  /** Someone else, e.g. Flux or Argo CD: charts and manifests are written beside the stack, with the same pins. */
  static gitOps(): Installation {
    return new Installation(false);
  }

  private constructor(
    /** Whether the deployment installs. */
    public readonly byDeployment: boolean,
  ) {}

  /** Adds a problem where the deployment would install, and has nothing to install with. */
  check(problems: Problems): void {
    if (this.byDeployment && !helmRelease()) problems.add(PACKAGE_MISSING);
  }
}

/** An installation, of whichever copy of the package. */
export const INSTALLATION: Kind = branded(
  Installation,
  'TerraformInstallation',
  'an Installation',
  'Use Installation.byDeployment() or Installation.gitOps().',
);

const PACKAGE_MISSING: Problem = {
  code: 'ProviderMissing',
  prop: 'installation',
  allowed: 'an installation that can run: charts are releases of the Helm provider',
  got: 'no package @cdktf/provider-helm',
  fix: 'Run `npm install @cdktf/provider-helm@^12.1.2`, or use Installation.gitOps().',
};
