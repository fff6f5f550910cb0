/*
 * Everything that this folder takes from providers: deep imports, in one place, so that a provider of another name is a change of one file.
 * The package is asked for only where a deployment installs software: nobody else needs it.
 */
import type * as Helm from '@cdktf/provider-helm/lib/release';

export type { ReleaseConfig } from '@cdktf/provider-helm/lib/release';

const PACKAGE = '@cdktf/provider-helm/lib/release';

/** The resource of a Helm release; nothing where the package is not installed. */
export function helmRelease(): typeof Helm.Release | undefined {
  try {
    return (require(PACKAGE) as typeof Helm).Release;
  } catch {
    return undefined;
  }
}
