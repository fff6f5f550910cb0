import { type ITerraformDependable, type TerraformResource, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../core/errors';
import { type ChartRelease } from '../kubernetes';
import { jsonText } from './json-text';
import { helmRelease, type ReleaseConfig } from './provider';
import { requireProvider } from './required-provider';

/** Properties for `InstalledCharts`. */
export interface InstalledChartsProps {
  /** Releases with pinned versions. Each is installed after the releases that it `needs`. */
  readonly releases: readonly ChartRelease[];
  /** Resources that must exist first: the cluster, and nodes for the pods. @default - none */
  readonly after?: readonly ITerraformDependable[];
}

/** Timeout of a release in seconds, including the time to add nodes. */
export const RELEASE_SECONDS = 1200;

/** Fix for a missing Helm provider. */
export const HELM_FIX =
  "Add `new HelmProvider(stack, 'Helm', { kubernetes: … })` with the endpoint of the cluster, or use Installation.gitOps().";

/** Pinned Helm charts, in the order of their dependencies. */
export class InstalledCharts extends Construct {
  /** Helm releases by chart. */
  public readonly releases: ReadonlyMap<string, TerraformResource>;
  private readonly installed: readonly ChartRelease[];

  /** @internal */
  constructor(scope: Construct, id: string, { releases, after = [] }: InstalledChartsProps) {
    super(scope, id);
    Object.defineProperty(this, INSTALLED_CHARTS, { value: true });
    requireProvider(this, 'helm', HELM_FIX);
    const created = new Map<string, TerraformResource>();
    for (const release of inOrder(releases)) {
      const needed = (release.needs ?? []).flatMap((chart) => created.get(chart) ?? []);
      created.set(release.chart, this.install(release, [...after, ...needed]));
    }
    this.releases = created;
    this.installed = releases;
    this.node.addValidation({ validate: () => this.rejectDuplicates() });
  }

  /** Release names are unique in Helm: a second release would fail at deployment. */
  private rejectDuplicates(): string[] {
    const problems = new ProblemCollector();
    const all = TerraformStack.of(this).node.findAll().filter(isInstalledCharts);
    const before = all.slice(0, all.indexOf(this));
    for (const { chart, release, namespace } of this.installed) {
      const first = before.find((other) =>
        other.installed.some(
          (one) =>
            one.release === release &&
            one.namespace === namespace &&
            other.releases.get(one.chart)?.provider === this.releases.get(chart)?.provider,
        ),
      );
      if (!first) continue;
      problems.add({
        code: 'ChartDuplicate',
        prop: chart,
        allowed: `installed only once on a cluster, and ${first.node.path} installs it already`,
        got: 'a second release',
        fix: 'Add it to existingCharts of ClusterSource.fromCluster(), or use Installation.gitOps().',
      });
    }
    problems.throwIfAny(this);
    return [];
  }

  private install(release: ChartRelease, dependsOn: readonly ITerraformDependable[]): TerraformResource {
    return newRelease(this, release.chart, {
      name: release.release,
      namespace: release.namespace,
      createNamespace: true,
      // The provider supports OCI and HTTP repositories in this property.
      repository: release.repository,
      chart: release.chart,
      version: release.version,
      values: [jsonText(release.values)],
      ...(release.wait === false && { wait: false, atomic: false }),
      dependsOn: [...dependsOn],
    });
  }
}

const INSTALLED_CHARTS = Symbol.for('ai-infra-constructs.installed-charts');

/** From any copy of the package. */
function isInstalledCharts(construct: IConstruct): construct is InstalledCharts {
  return INSTALLED_CHARTS in construct;
}

/** @internal Creates a release that waits for its pods and rolls back on failure. */
export function newRelease(scope: Construct, id: string, config: ReleaseConfig): TerraformResource {
  const HelmRelease = helmRelease()!;
  return new HelmRelease(scope, id, { wait: true, atomic: true, timeout: RELEASE_SECONDS, maxHistory: 5, ...config });
}

/** Sorts releases by their dependencies. */
function inOrder(releases: readonly ChartRelease[]): ChartRelease[] {
  const names = new Set(releases.map(({ chart }) => chart));
  const ordered = new Map<string, ChartRelease>();
  const place = (release: ChartRelease): void => {
    for (const needed of release.needs ?? []) {
      const found = names.has(needed) && !ordered.has(needed) && releases.find(({ chart }) => chart === needed);
      if (found) place(found);
    }
    ordered.set(release.chart, release);
  };
  releases.forEach(place);
  return [...ordered.values()];
}
