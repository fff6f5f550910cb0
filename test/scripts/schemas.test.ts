import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CHARTS } from '../../lib/kubernetes/controller-charts';
import { armFileName, armFiles, armTypes } from '../../scripts/schemas/arm';
import { armSchema, type BicepType } from '../../scripts/schemas/arm-types';
import { chartFiles, chartIndex } from '../../scripts/schemas/charts';
import { crdFileName, crdFiles, crdsIn, podTemplateIn } from '../../scripts/schemas/crds';
import { Downloads } from '../../scripts/schemas/download';
import { BICEP_TYPES, CRD_SOURCES } from '../../scripts/schemas/sources';
import { chartFaults } from '../kubernetes/chart-values';

const ref = (index: number) => ({ $ref: `#/${index}` });
const TYPES: readonly BicepType[] = [
  { $type: 'StringType', maxLength: 5, pattern: '^a' },
  { $type: 'StringLiteralType', value: 'Fast' },
  { $type: 'StringLiteralType', value: 'Slow' },
  { $type: 'UnionType', elements: [ref(1), ref(2)] },
  { $type: 'UnionType', elements: [ref(1), ref(2), ref(0)] },
  { $type: 'IntegerType', minValue: 1 },
  { $type: 'ArrayType', itemType: ref(5), maxLength: 3 },
  {
    $type: 'ObjectType',
    properties: {
      id: { type: ref(0), flags: 10 },
      name: { type: ref(0), flags: 9 },
      speed: { type: ref(3), flags: 0 },
      tier: { type: ref(4), flags: 0 },
      ports: { type: ref(6), flags: 0 },
      compute: { type: ref(8), flags: 1 },
      inner: { type: ref(7), flags: 0 },
      tags: { type: ref(11), flags: 0 },
    },
  },
  {
    $type: 'DiscriminatedObjectType',
    discriminator: 'kind',
    baseProperties: { size: { type: ref(5), flags: 0 } },
    elements: { Fast: ref(9) },
  },
  { $type: 'ObjectType', properties: { kind: { type: ref(1), flags: 1 } } },
  { $type: 'ResourceType', body: ref(7) },
  { $type: 'ObjectType', properties: {}, additionalProperties: ref(12) },
  { $type: 'BooleanType' },
];

describe('the schema of a request body', () => {
  const schema = armSchema(TYPES, ref(10)) as { properties: Record<string, object>; required: string[] };

  test('has the properties that a client can set, and rejects others', () => {
    expect(Object.keys(schema.properties)).not.toContain('id');
    expect(schema).toMatchObject({ type: 'object', required: ['name', 'compute'], additionalProperties: false });
    expect(schema.properties.name).toEqual({ type: 'string', maxLength: 5, pattern: '^a' });
    expect(schema.properties.ports).toEqual({ type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 3 });
    expect(schema.properties.tags).toMatchObject({ additionalProperties: { type: 'boolean' } });
  });

  test('distinguishes closed lists of values from lists that can grow', () => {
    expect(schema.properties.speed).toEqual({ type: 'string', enum: ['Fast', 'Slow'] });
    expect(schema.properties.tier).toEqual({ type: 'string', 'x-known': ['Fast', 'Slow'] });
  });

  test('has the variants of an object, by its discriminator', () => {
    expect(schema.properties.compute).toMatchObject({
      'x-discriminator': 'kind',
      properties: { size: { type: 'integer' } },
      oneOf: [{ properties: { kind: { const: 'Fast' } }, required: ['kind'] }],
    });
  });

  test('ends at a type that contains itself', () => {
    expect(schema.properties.inner).toEqual({ type: 'object', additionalProperties: true });
  });
});

const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  versions:
    - { name: v1alpha1, storage: false, schema: { openAPIV3Schema: { type: object } } }
    - name: v1
      storage: true
      schema:
        openAPIV3Schema:
          description: removed
          type: object
          properties:
            description: { type: string, description: removed }
---
kind: Service
`;

describe('a custom resource', () => {
  test('has the schema of its storage version without descriptions', () => {
    const [widget, ...others] = crdsIn(CRD, 'somewhere');
    expect(others).toEqual([]);
    expect(widget).toMatchObject({ group: 'example.com', kind: 'Widget', version: 'v1', source: 'somewhere' });
    expect(widget!.schema).toEqual({ type: 'object', properties: { description: { type: 'string' } } });
    expect(crdFileName(widget!)).toBe('example.com_widgets_v1.json');
  });

  test('is missing from a file without definitions', () => {
    expect(() => crdsIn('kind: Service', 'a@1:b.yaml')).toThrow('a@1:b.yaml: no custom resource definition');
  });

  test('with a pod template provides it to the core objects', () => {
    const inner = { type: 'object' };
    const schema = ['workerTemplate', 'leaderWorkerTemplate', 'spec'].reduce<object>(
      (below, name) => ({ properties: { [name]: below } }),
      inner,
    );
    const file = { ...crdsIn(CRD, '')[0]!, kind: 'LeaderWorkerSet', schema: schema as never };
    expect(podTemplateIn([file])).toEqual({ types: { PodTemplateSpec: inner } });
    expect(() => podTemplateIn([])).toThrow('LeaderWorkerSet has no spec.leaderWorkerTemplate.workerTemplate');
  });
});

function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const CHART = {
  'Chart.yaml': 'dependencies: [{ name: base, alias: core }, { name: absent }]',
  'values.yaml':
    'image: { tag: "1" }\nreplicas: 1\nlabels: {}\nconfig: { a.b: true }\ncore: { level: 2 }\ntls: { enabled: false }\n',
  'templates/a.yaml':
    '{{ required "a name is required" .Values.name }} {{ required "a key is required" .Values.tls.key }} {{ .Values.image.tag }} {{ .Values.hidden }}\n{{- with .Values.podSpec }}{{ toYaml . }}{{ end }}',
  'charts/base/Chart.yaml': 'name: base',
  'charts/base/values.yaml': 'level: 1\nports: []',
};

describe('the index of a chart', () => {
  const index = chartIndex(write(mkdtempSync(join(tmpdir(), 'index-')), CHART));
  const faults = (values: object) => chartFaults({ ...index, version: '1', repository: 'r' }, { name: 'n', ...values });

  test('has the type of each value, with those of the charts in it', () => {
    expect(index.keys).toEqual({
      'image.tag': 'string',
      replicas: 'number',
      labels: 'map',
      'config.a\\.b': 'boolean',
      'core.level': 'number',
      'core.ports': 'list',
      'tls.enabled': 'boolean',
    });
  });

  test('rejects a value that the chart does not read', () => {
    expect(faults({ image: { tga: '2' } })).toEqual(['image.tga: the chart has no such value']);
    expect(faults({ core: { levels: 2 } })).toEqual(['core.levels: the chart has no such value']);
    expect(faults({ replicas: '2' })).toEqual(['replicas: string where the chart has number']);
  });

  test('accepts what only templates read, open maps, and charts that the archive lacks', () => {
    expect(
      faults({ hidden: 1, labels: { a: 'b' }, podSpec: { any: 1 }, absent: { any: 1 }, global: { x: 1 } }),
    ).toEqual([]);
  });

  test('has the values that the chart requires, except in a part that is off', () => {
    expect(index.required).toEqual(['name']);
  });
});

describe('a download', () => {
  const type = 'Microsoft.Test/widgets@2026-01-01';
  const files: Record<string, string> = {
    [`${BICEP_TYPES.replace('@', '/')}/generated/index.json`]: JSON.stringify({
      resources: { 'microsoft.test/Widgets@2026-01-01': { $ref: 'test/types.json#/10' } },
    }),
    [`${BICEP_TYPES.replace('@', '/')}/generated/test/types.json`]: JSON.stringify(TYPES),
    'example/widgets/v1/crds/widgets.yaml': CRD,
    [`${CHARTS.jobset.source.split(',')[0]!.replace('@', '/')}/crds/widgets.yaml`]: CRD,
  };
  let server: Server;
  let downloads: Downloads;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const text = files[url!.replace('/raw.githubusercontent.com/', '')];
      response.statusCode = text === undefined ? 404 : 200;
      response.end(text);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    downloads = new Downloads(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  test('finds a type in the index, without regard to case', async () => {
    const [file] = await armFiles(downloads, [type]);
    expect(file).toMatchObject({ type, body: { required: ['name', 'compute'] } });
    expect(armFileName(type)).toBe('Microsoft.Test_widgets@2026-01-01.json');
  });

  test('reports a type that Azure does not have', async () => {
    await expect(armFiles(downloads, ['Microsoft.Test/none@2026-01-01'])).rejects.toThrow(
      `${BICEP_TYPES} has no type Microsoft.Test/none@2026-01-01`,
    );
  });

  test('reads custom resources at the tag of the chart, or at their own', async () => {
    const found = await crdFiles(downloads, [
      { repository: 'example/widgets@v1', folder: 'crds', files: ['widgets'] },
      { chart: 'jobset', folder: 'crds', files: ['widgets'] },
    ]);
    expect(found.map(({ source }) => source)).toEqual([
      'example/widgets@v1:crds/widgets.yaml',
      `${CHARTS.jobset.source.split(',')[0]!}:crds/widgets.yaml`,
    ]);
  });

  test('reports the address of a missing file', async () => {
    const missing = crdFiles(downloads, [{ repository: 'example/widgets@v1', folder: 'crds', files: ['none'] }]);
    await expect(missing).rejects.toThrow(/\/example\/widgets\/v1\/crds\/none\.yaml: 404/);
  });
});

describe('charts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'helm-'));

  beforeAll(() => {
    // Replaces Helm: records its arguments, and unpacks a chart.
    const script = [
      '#!/usr/bin/env bash',
      `echo "$@" >> ${folder}/calls`,
      'while [ "$1" != --untardir ]; do shift; done',
      `mkdir -p "$2/jobset" "$2/keda"`,
      `for chart in jobset keda; do cp -r ${folder}/chart/. "$2/$chart"; done`,
    ];
    write(folder, { helm: script.join('\n') });
    write(join(folder, 'chart'), CHART);
    chmodSync(join(folder, 'helm'), 0o755);
  });

  test('are pulled at their pin from an OCI registry, a repository, or a mirror of them', () => {
    const pins = [CHARTS.jobset, CHARTS.keda];
    const [jobset, keda] = chartFiles(new Downloads(), pins, join(folder, 'helm'));
    chartFiles(new Downloads('http://localhost:1'), pins, join(folder, 'helm'));
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
    expect(calls[0]).toMatch(/^pull oci:\/\/registry\.k8s\.io\/jobset\/charts\/jobset --version 0\.12\.0 --untar /);
    expect(calls[1]).toMatch(/^pull keda --repo https:\/\/kedacore\.github\.io\/charts --version 2\.20\.2 --untar /);
    expect(calls[2]).toMatch(/^pull oci:\/\/localhost:1\/registry\.k8s\.io\/jobset\/charts\/jobset .*--plain-http$/);
    expect(calls[3]).toMatch(/^pull keda --repo http:\/\/localhost:1\/kedacore\.github\.io\/charts /);
    expect(jobset).toMatchObject({ version: '0.12.0', repository: 'oci://registry.k8s.io/jobset/charts/jobset' });
    expect(keda).toMatchObject({ version: '2.20.2', repository: 'https://kedacore.github.io/charts' });
  });
});

describe('the sources', () => {
  test('have a chart or a repository with a tag', () => {
    const wrong = CRD_SOURCES.filter(
      ({ chart, repository }) =>
        (chart === undefined) === (repository === undefined) || !(repository ?? '@').includes('@'),
    );
    expect(wrong).toEqual([]);
  });

  test('include every type that azapi sends', () => {
    expect(armTypes()).toEqual(
      expect.arrayContaining([
        'Microsoft.ContainerService/managedClusters/agentPools@2026-05-01',
        'Microsoft.MachineLearningServices/workspaces@2026-05-01',
      ]),
    );
  });
});
