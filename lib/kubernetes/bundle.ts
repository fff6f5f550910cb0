import { ProblemCollector } from '../core/errors';
import { type ChartRelease, isOci } from './controller-charts';
import type { KubernetesManifest } from './manifest';
import type * as Yaml from 'yaml';

/** Helm charts and manifests of a cluster, to deploy with GitOps or by hand. */
export interface ManifestBundle {
  /** Helm charts to install. */
  readonly releases: readonly ChartRelease[];
  /** Kubernetes objects to apply after the charts. */
  readonly manifests: readonly KubernetesManifest[];
  /** Descriptions of the values that only exist after deployment, by variable name. The texts use them as `${NAME}`. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Files of a bundle, by name. */
export interface BundleFiles {
  /** File for `helmfile apply`: repositories, pinned releases, and their order. */
  readonly 'helmfile.yaml': string;
  /** File for `kubectl apply -f`. Apply it after the charts, which install the custom resource definitions. */
  readonly 'manifests.yaml': string;
}

const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Z][A-Z0-9_]*$/;

/**
 * Returns the files of a bundle. Replace the variables with Flux (`postBuild.substitute`), or with `envsubst` and the list at the top of
 * each file. Without the list, `envsubst` also removes the variables of shell scripts.
 *
 * @see https://helmfile.readthedocs.io/
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function bundleFiles({ releases, manifests, variables = {} }: ManifestBundle): BundleFiles {
  const helmfile = toYaml({
    repositories: repositoriesOf(releases),
    releases: releases.map((one) => releaseOf(one, releases)),
  });
  const documents = manifests.map(toYaml).join('---\n');
  checkVariables(variables, helmfile + documents);
  const header = headerOf(variables);
  return { 'helmfile.yaml': header + helmfile, 'manifests.yaml': header + documents };
}

/**
 * Returns Kubernetes objects as the documents of one file for `kubectl apply`. Writes JSON, which is valid YAML, because every synthesis
 * calls this function and must not load a YAML package.
 */
export function manifestFile(manifests: readonly KubernetesManifest[]): string {
  return manifests.map((manifest) => `${JSON.stringify(manifest, null, 2)}\n`).join('---\n');
}

function repositoriesOf(releases: readonly ChartRelease[]): unknown[] {
  const repositories = new Map(releases.map((release) => [release.repository, release]));
  return [...repositories.values()].map((release) => ({
    name: repositoryName(release),
    url: release.repository.replace(/^oci:\/\//, ''),
    ...(isOci(release) && { oci: true }),
  }));
}

function releaseOf(release: ChartRelease, all: readonly ChartRelease[]): unknown {
  const needs = all
    .filter(({ chart }) => release.needs?.includes(chart))
    .map(({ namespace, release: name }) => `${namespace}/${name}`);
  return {
    name: release.release,
    namespace: release.namespace,
    createNamespace: true,
    chart: `${repositoryName(release)}/${release.chart}`,
    version: release.version,
    wait: release.wait ?? true,
    ...(needs.length > 0 && { needs }),
    values: [release.values],
  };
}

function repositoryName({ repository }: ChartRelease): string {
  return repository.replace(/^\w+:\/\//, '').replace(/\W+/g, '-');
}

function headerOf(variables: Readonly<Record<string, string>>): string {
  const entries = Object.entries(variables);
  if (entries.length === 0) return '';
  const list = entries.map(([name]) => `$${name}`).join(' ');
  return [`# envsubst '${list}'`, ...entries.map(([name, meaning]) => `#   ${name}: ${meaning}`), ''].join('\n');
}

function checkVariables(variables: Readonly<Record<string, string>>, text: string): void {
  const problems = new ProblemCollector();
  const used = new Set([...text.matchAll(VARIABLE)].map(([, name]) => name!));
  const declared = Object.keys(variables);
  const undeclared = {
    'Describe these variables.': [...used].filter((name) => !declared.includes(name)),
    'Remove the variables that no object uses.': declared.filter((name) => !used.has(name)),
    'Use only capital letters, digits and "_" in the names.': declared.filter((name) => !NAME.test(name)),
  };
  for (const [fix, names] of Object.entries(undeclared)) {
    if (names.length === 0) continue;
    problems.add({
      code: 'VariableUndeclared',
      prop: 'variables',
      allowed: 'the variables that the bundle uses, in capital letters, each with a description',
      got: names,
      fix,
    });
  }
  problems.throwIfAny();
}

/** Returns a value as YAML. Loads the package on first use, because it adds 20 ms to the import of this library. */
export function toYaml(value: unknown): string {
  const { stringify } = require('yaml') as typeof Yaml;
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
