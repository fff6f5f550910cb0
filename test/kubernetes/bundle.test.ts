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

describe('the helmfile', () => {
  const { 'helmfile.yaml': text } = bundleFiles(BUNDLE);
  const { repositories, releases } = parse(text) as {
    repositories: { name: string }[];
    releases: { name: string; chart: string; version: string }[];
  };
  const release = (name: string) => releases.find((one) => one.name === name);

  test('says of a registry that it is one, and gives other repositories whole', () => {
    expect(repositories).toContainEqual({
      name: 'registry-k8s-io-kueue-charts',
      url: 'registry.k8s.io/kueue/charts',
      oci: true,
    });
    expect(repositories).toContainEqual({ name: 'aws-github-io-eks-charts', url: 'https://aws.github.io/eks-charts' });
  });

  test('pins each chart of a repository that it lists', () => {
    for (const { chart, version } of releases) {
      expect(repositories.map(({ name }) => name)).toContain(chart.split('/')[0]);
      expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
    }
    expect(release('kueue')).toMatchObject({ chart: 'registry-k8s-io-kueue-charts/kueue', version: '0.19.2' });
  });

  test('waits for the pods of a chart, but for those that wait for what comes later', () => {
    const waits = (wait?: boolean) =>
      at(
        parse(
          bundleFiles({ releases: [{ ...jobSetChart({ system: SYSTEM }), wait }], manifests: [] })['helmfile.yaml'],
        ),
        'releases.0.wait',
      );
    expect([waits(), waits(false)]).toEqual([true, false]);
  });

  test('installs what others need first, as far as it is in the bundle', () => {
    expect(release('kueue')).toHaveProperty('needs', ['jobset-system/jobset', 'kubeflow-system/kubeflow-trainer']);
    const alone: unknown = parse(
      bundleFiles({ releases: [kueueChart({ system: SYSTEM, pools })], manifests: [] })['helmfile.yaml'],
    );
    expect(at(alone, 'releases.0.name')).toBe('kueue');
    expect(at(alone, 'releases.0.needs')).toBeUndefined();
  });

  test('carries the values', () => {
    expect(release('jobset')).toHaveProperty('values', [jobSetChart({ system: SYSTEM }).values]);
  });
});

describe('the manifests', () => {
  const { 'manifests.yaml': text } = bundleFiles(BUNDLE);

  test('come back from the file as they were', () => {
    expect(parseAllDocuments(text).map((document) => document.toJS() as unknown)).toEqual(BUNDLE.manifests);
  });

  test('tell at the top which variables to put in', () => {
    expect(text).toMatch(/^# envsubst '\$FILE_SYSTEM_ID'\n# {3}FILE_SYSTEM_ID: Id of the file system\.\n/);
  });
});

describe('variables are refused', () => {
  test('that are used and not described', () => {
    expect(refusalOf(() => bundleFiles({ ...BUNDLE, variables: {} }))).toEqual(['VariableUndeclared variables']);
  });

  test('that are described and not used, or have a name that is none', () => {
    const variables = { ...BUNDLE.variables, 'cluster-name': 'Name of the cluster.' };
    expect(refusalOf(() => bundleFiles({ ...BUNDLE, variables }))).toEqual([
      'VariableUndeclared variables',
      'VariableUndeclared variables',
    ]);
  });
});
