import { Problems } from '../core/errors';
import { type ChartRelease, isOci } from './charts';
import type { KubernetesManifest } from './manifest';
import { toYaml } from './to-yaml';

/** What a cluster runs, for users who deploy by GitOps or by hand. */
export interface ManifestBundle {
  readonly releases: readonly ChartRelease[];
  readonly manifests: readonly KubernetesManifest[];
  /** Values that only the deployment knows: each is used as `${NAME}`, and described here. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The files of a bundle, by name. */
export interface BundleFiles {
  /** For `helmfile apply`: repositories, pinned releases, and their order. */
  readonly 'helmfile.yaml': string;
  /** For `kubectl apply -f`, after the charts, which bring the kinds. */
  readonly 'manifests.yaml': string;
}

const VARIABLE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Z][A-Z0-9_]*$/;

/**
 * The bundle as files. Variables are put in by Flux (`postBuild.substitute`), or by `envsubst` with the list that stands at the top
 * of each file: without the list, it would empty the variables of shell scripts, too.
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

/** Objects as the documents of one file for `kubectl apply`. JSON is YAML, and every synthesis writes it: no package is loaded for it. */
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
  const problems = new Problems();
  const used = new Set([...text.matchAll(VARIABLE)].map(([, name]) => name!));
  const declared = Object.keys(variables);
  const wrong = {
    'used without a description': [...used].filter((name) => !declared.includes(name)),
    'described and not used': declared.filter((name) => !used.has(name)),
    'no capital letters, digits and "_"': declared.filter((name) => !NAME.test(name)),
  };
  for (const [fault, names] of Object.entries(wrong)) {
    if (names.length === 0) continue;
    problems.add({
      code: 'VariableUndeclared',
      prop: 'variables',
      allowed: 'the variables of the bundle, in capital letters, each with a description',
      got: names,
      fix: `Mend what is ${fault}.`,
    });
  }
  problems.throwIfAny();
}
