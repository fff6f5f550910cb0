/*
 * All imports from providers in this folder. Deep imports in one file, so that a provider with another name is a change of one file. The package is
 * required only if Terraform installs software.
 */
import type * as Helm from '@cdktf/provider-helm/lib/release';

export type { ReleaseConfig } from '@cdktf/provider-helm/lib/release';

const PACKAGE = '@cdktf/provider-helm/lib/release';

/** Returns the class for Helm releases. Undefined if the package is not installed. */
export function helmRelease(): typeof Helm.Release | undefined {
  try {
    return (require(PACKAGE) as typeof Helm).Release;
  } catch {
    return undefined;
  }
}
