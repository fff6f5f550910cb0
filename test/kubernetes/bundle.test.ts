import { parse, parseAllDocuments } from 'yaml';
import {
  bundleFiles,
  efaDevicePluginChart,
  fileSystemVolume,
  jobSetChart,
  kueueChart,
  type ManifestBundle,
  trainerChart,
  trainingQueue,
} from '../../lib/kubernetes';
import { at } from './at';
import { h100, SYSTEM } from './pools';
import { refusalOf } from './problems';

const pools = [h100()];
const volume = fileSystemVolume({
  name: 'data',
  namespace: 'ml',
  driver: 'fsx.csi.aws.com',
  volumeHandle: '${FILE_SYSTEM_ID}',
  capacityGiB: 1200,
});
const BUNDLE: ManifestBundle = {
  releases: [
    kueueChart({ system: SYSTEM, pools }),
    jobSetChart({ system: SYSTEM }),
    trainerChart({ system: SYSTEM }),
    efaDevicePluginChart({ pools }),
  ],
  manifests: [...trainingQueue({ name: 'train', namespace: 'ml', pools }), ...volume],
  variables: { FILE_SYSTEM_ID: 'Id of the file system.' },
};

describe('helmfile.yaml', () => {
  const { 'helmfile.yaml': text } = bundleFiles(BUNDLE);
  const { repositories, releases } = parse(text) as {
    repositories: { name: string }[];
    releases: { name: string; chart: string; version: string }[];
  };
  const release = (name: string) => releases.find((one) => one.name === name);

  test('marks OCI registries, and contains the full URL of other repositories', () => {
    expect(repositories).toContainEqual({
      name: 'registry-k8s-io-kueue-charts',
      url: 'registry.k8s.io/kueue/charts',
      oci: true,
    });
    expect(repositories).toContainEqual({ name: 'aws-github-io-eks-charts', url: 'https://aws.github.io/eks-charts' });
  });

  test('pins each chart, and lists its repository', () => {
    for (const { chart, version } of releases) {
      expect(repositories.map(({ name }) => name)).toContain(chart.split('/')[0]);
      expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
    }
    expect(release('kueue')).toMatchObject({ chart: 'registry-k8s-io-kueue-charts/kueue', version: '0.19.2' });
  });

  test('waits for the pods of a chart, unless they wait for a later chart', () => {
    const waits = (wait?: boolean) =>
      at(
        parse(
          bundleFiles({ releases: [{ ...jobSetChart({ system: SYSTEM }), wait }], manifests: [] })['helmfile.yaml'],
        ),
        'releases.0.wait',
      );
    expect([waits(), waits(false)]).toEqual([true, false]);
  });

  test('installs required charts first if they are in the bundle', () => {
    expect(release('kueue')).toHaveProperty('needs', ['jobset-system/jobset', 'kubeflow-system/kubeflow-trainer']);
    const alone: unknown = parse(
      bundleFiles({ releases: [kueueChart({ system: SYSTEM, pools })], manifests: [] })['helmfile.yaml'],
    );
    expect(at(alone, 'releases.0.name')).toBe('kueue');
    expect(at(alone, 'releases.0.needs')).toBeUndefined();
  });

  test('contains the values', () => {
    expect(release('jobset')).toHaveProperty('values', [jobSetChart({ system: SYSTEM }).values]);
  });
});

describe('manifests.yaml', () => {
  const { 'manifests.yaml': text } = bundleFiles(BUNDLE);

  test('parses to the original manifests', () => {
    expect(parseAllDocuments(text).map((document) => document.toJS() as unknown)).toEqual(BUNDLE.manifests);
  });

  test('lists the variables at the top', () => {
    expect(text).toMatch(/^# envsubst '\$FILE_SYSTEM_ID'\n# {3}FILE_SYSTEM_ID: Id of the file system\.\n/);
  });
});

describe('bundleFiles rejects variables', () => {
  test('that are used but not described', () => {
    expect(refusalOf(() => bundleFiles({ ...BUNDLE, variables: {} }))).toEqual(['VariableUndeclared variables']);
  });

  test('that are described but not used, or that have an invalid name', () => {
    const variables = { ...BUNDLE.variables, 'cluster-name': 'Name of the cluster.' };
    expect(refusalOf(() => bundleFiles({ ...BUNDLE, variables }))).toEqual([
      'VariableUndeclared variables',
      'VariableUndeclared variables',
    ]);
  });
});
