import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Testing } from 'cdktf';
import { type ChartRelease, jobSetChart, kueueChart, trainerChart } from '../../lib/kubernetes';
import { InstalledCharts } from '../../lib/terraform/charts';
import { h100, SYSTEM } from '../kubernetes/pools';
import { problemsOf } from '../refusals';
import { addHelm, newApp } from './support';

type Release = Record<string, unknown> & { readonly depends_on?: string[]; readonly values: string[] };

const pools = [h100()];
const charts = [
  kueueChart({ system: SYSTEM, pools }),
  trainerChart({ system: SYSTEM }),
  jobSetChart({ system: SYSTEM }),
];

function releasesOf(): Record<string, Release> {
  const { stack } = newApp();
  new InstalledCharts(stack, 'Charts', { releases: charts });
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: { helm_release: Record<string, Release> } };
  return Object.fromEntries(Object.values(resource.helm_release).map((release) => [release.chart as string, release]));
}

test('creates a release with a pinned version that waits for its pods', () => {
  expect(releasesOf().kueue).toMatchObject({
    repository: 'oci://registry.k8s.io/kueue/charts',
    version: '0.19.2',
    namespace: 'kueue-system',
    create_namespace: true,
    wait: true,
    atomic: true,
  });
});

test('does not wait for pods that need later resources', () => {
  const { stack } = newApp();
  new InstalledCharts(stack, 'Charts', { releases: [{ ...jobSetChart({ system: SYSTEM }), wait: false }] });
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: { helm_release: Record<string, Release> } };
  expect(Object.values(resource.helm_release)).toMatchObject([{ wait: false, atomic: false }]);
});

test('passes the values of the chart', () => {
  expect(JSON.parse(releasesOf().jobset!.values[0]!)).toEqual(jobSetChart({ system: SYSTEM }).values);
});

test('orders charts by their dependencies', () => {
  const { kueue, jobset, 'kubeflow-trainer': trainer } = releasesOf();
  expect(jobset!.depends_on).toEqual([]);
  expect(trainer!.depends_on).toEqual([expect.stringMatching(/^helm_release\.Charts_jobset/)]);
  expect(kueue!.depends_on).toEqual([expect.stringMatching(/_jobset/), expect.stringMatching(/_kubeflow-trainer/)]);
});

test('rejects a stack without a Helm provider at synthesis', () => {
  const { app, stack } = newApp();
  new InstalledCharts(stack, 'Charts', { releases: charts });
  const problem = { code: 'ProviderMissing', fix: expect.stringContaining('new HelmProvider(stack') as string };
  expect(() => {
    app.synth();
  }).toThrow(expect.objectContaining({ problems: [expect.objectContaining(problem)] }));
});

test('accepts a provider that is added after the charts', () => {
  const { app, stack } = newApp();
  new InstalledCharts(stack, 'Charts', { releases: charts });
  addHelm(stack);
  expect(() => {
    app.synth();
  }).not.toThrow();
});

describe('a second release of a name', () => {
  /** Two sets of charts, the second by the provider of that alias. */
  function installTwice(second: readonly ChartRelease[], alias?: string) {
    const { app, stack } = newApp();
    addHelm(stack);
    new InstalledCharts(stack, 'First', { releases: charts });
    const { releases } = new InstalledCharts(stack, 'Second', { releases: second });
    const provider = alias === undefined ? undefined : new HelmProvider(stack, 'Other', { alias });
    for (const release of releases.values()) release.provider = provider;
    return () => app.synth();
  }

  test('is rejected for each chart', () => {
    expect(problemsOf(installTwice(charts.slice(1)))).toMatchObject([
      { code: 'ChartDuplicate', prop: charts[1]!.chart },
      { code: 'ChartDuplicate', prop: charts[2]!.chart },
    ]);
  });

  test('is allowed in another namespace or with another provider', () => {
    const [first] = charts;
    expect(installTwice([{ ...first!, namespace: 'elsewhere' }])).not.toThrow();
    expect(installTwice(charts, 'other')).not.toThrow();
  });
});
