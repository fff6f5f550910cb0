import { type ITerraformDependable, type TerraformResource, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { Problems } from '../core/errors';
import { type ChartRelease } from '../kubernetes';
import { jsonText } from './json-text';
import { helmRelease, type ReleaseConfig } from './provider';
import { requireProvider } from './required-provider';

/** Properties for `InstalledCharts`. */
export interface InstalledChartsProps {
  /** Each with its version; those that it `needs` come first. */
  readonly releases: readonly ChartRelease[];
  /** What must stand before: the cluster, and nodes for the pods of the charts. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** Seconds that a release may take until its pods run: nodes may have to come first. */
export const RELEASE_SECONDS = 1200;

/** How the Helm provider is told of the cluster, for whoever forgot it. */
export const HELM_FIX =
  "Write `new HelmProvider(stack, 'Helm', { kubernetes: … })` with the endpoint of the cluster, or use Installation.gitOps().";

/** Pinned Helm charts, in the order in which they need one another. */
export class InstalledCharts extends Construct {
  /** The releases, by chart. */
  public readonly releases: ReadonlyMap<string, TerraformResource>;
  private readonly installed: readonly ChartRelease[];

  constructor(scope: Construct, id: string, { releases, after = [] }: InstalledChartsProps) {
    super(scope, id);
    Object.defineProperty(this, INSTALLED_CHARTS, { value: true });
    requireProvider(this, 'helm', HELM_FIX);
    const made = new Map<string, TerraformResource>();
    for (const release of inOrder(releases)) {
      const needed = (release.needs ?? []).flatMap((chart) => made.get(chart) ?? []);
      made.set(release.chart, this.install(release, [...after, ...needed]));
    }
    this.releases = made;
    this.installed = releases;
    this.node.addValidation({ validate: () => this.refuseSecond() });
  }

  /** Helm keeps one release of a name: the second one would fail once the cluster stands. */
  private refuseSecond(): string[] {
    const problems = new Problems();
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
        code: 'ChartTwice',
        prop: chart,
        allowed: `installed once on a cluster: ${first.node.path} does so`,
        got: 'a second time',
        fix: 'Name it in existingCharts, where the construct takes them, or install by GitOps.',
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
      // The provider takes a repository of either kind apart from the chart.
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

/** Of whichever copy of the package. */
function isInstalledCharts(construct: IConstruct): construct is InstalledCharts {
  return INSTALLED_CHARTS in construct;
}

/** @internal A release that waits for its pods, and leaves nothing half-installed. */
export function newRelease(scope: Construct, id: string, config: ReleaseConfig): TerraformResource {
  const HelmRelease = helmRelease()!;
  return new HelmRelease(scope, id, { wait: true, atomic: true, timeout: RELEASE_SECONDS, maxHistory: 5, ...config });
}

/** Each behind all that it needs. */
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
