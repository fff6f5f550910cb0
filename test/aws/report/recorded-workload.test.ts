import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, attachCustomSynthesis, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  AwsMachine,
  Installation,
  TrainingCluster,
  type TrainingClusterProps,
} from 'ai-infra-constructs/aws';
import { Construct, type IConstruct } from 'constructs';
import { REPORT_SCHEMA } from 'ai-infra-constructs/planning';
import { recordWorkload } from '../../../lib/aws/report/recorded-workload';
import Ajv from 'ajv';
import type { Json } from '../support';
import { PRICED, pretraining } from '../training/job-support';

const FILES = ['html', 'json', 'md'].map((extension) => `ai-infra-report.${extension}`);

function train(scope: Construct, id: string, props: Partial<TrainingClusterProps> = {}): TrainingCluster {
  return new TrainingCluster(new Stack(scope, id, PRICED), 'Pretrain', {
    machine: AwsMachine.P5_48XLARGE,
    installation: Installation.gitOps(),
    job: pretraining(),
    ...props,
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('ai-infra-report'));
}

function reportIn(folder: string): Json {
  return JSON.parse(readFileSync(join(folder, 'ai-infra-report.json'), 'utf8'));
}

const pathsIn = (folder: string): string[] => reportIn(folder).workloads.map(({ path }: Json) => path);

describe('the report in the cloud assembly', () => {
  const app = new App();
  const [first] = ['One', 'Two', 'Three'].map((id) => train(app, id)) as [TrainingCluster];
  train(app, 'Without', { job: undefined, nodes: 2 });
  acknowledge(first, 'access/no-admins', 'Operators use the cluster role of the office.');
  const { directory } = app.synth();

  test('covers all stacks, as JSON, Markdown, and HTML', () => {
    expect(filesIn(directory)).toEqual(FILES);
    expect(pathsIn(directory)).toEqual(['One/Pretrain', 'Two/Pretrain', 'Three/Pretrain']);
    for (const file of FILES) expect(readFileSync(join(directory, file), 'utf8')).toContain('Two/Pretrain');
  });

  test('matches its schema', () => {
    expect(new Ajv({ strict: false }).validate(REPORT_SCHEMA, reportIn(directory))).toBe(true);
  });

  test('contains findings with their acknowledgements', () => {
    const [{ findings }] = reportIn(directory).workloads;
    expect(findings).toContainEqual(
      expect.objectContaining({
        id: 'access/no-admins',
        path: 'One/Pretrain',
        acknowledged: expect.stringContaining('Operators'),
      }),
    );
  });

  test('contains alternative machines without duplicates', () => {
    const [{ alternatives }] = reportIn(directory).workloads;
    const names = alternatives.map(({ cloud, machine, market }: Json) => `${cloud} ${machine} ${market}`);

    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name: string) => name.startsWith('aws p5.48xlarge '))).toEqual([]);
  });

  test('is identical for the same app', () => {
    const again = new App();
    ['One', 'Two', 'Three'].forEach((id) => train(again, id));
    acknowledge(again.node.findChild('One'), 'access/no-admins', 'Operators use the cluster role of the office.');
    const other = again.synth().directory;
    for (const file of FILES) expect(readFileSync(join(other, file))).toEqual(readFileSync(join(directory, file)));
  });

  test('is written again by another synthesis', () => {
    expect(filesIn(app.synth({ force: true }).directory)).toEqual(FILES);
  });
});

describe('a warning of a plan', () => {
  const id = 'evidence/no-measurement';
  const warnings = (cluster: TrainingCluster) =>
    Annotations.fromStack(Stack.of(cluster))
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => entry.data as string);
  const unmeasured = () => train(new App(), 'Training', { machine: AwsMachine.P6_B300_48XLARGE });
  const inReport = (cluster: TrainingCluster) =>
    reportIn((cluster.node.root as App).synth().directory).workloads[0].findings.find((one: Json) => one.id === id);

  test('appears at synthesis', () => {
    expect(warnings(unmeasured()).join()).toContain(id);
    expect(inReport(unmeasured())).not.toHaveProperty('acknowledged');
  });

  test.each<[string, (cluster: TrainingCluster) => IConstruct]>([
    ['the cluster', (cluster) => cluster],
    ['its stack', (cluster) => Stack.of(cluster)],
    ['the app', (cluster) => cluster.node.root],
  ])('disappears if it is acknowledged on %s, and the report contains the reason', (_, scopeOf) => {
    const cluster = unmeasured();
    acknowledge(scopeOf(cluster), id, 'A trial comes first.');

    expect(warnings(cluster).join()).not.toContain(id);
    expect(inReport(cluster)).toMatchObject({ acknowledged: 'A trial comes first.', path: 'Training/Pretrain' });
    expect(findingsOf(cluster).find((one) => one.id === id)?.acknowledged).toBe('A trial comes first.');
  });

  test('remains if it is acknowledged on another cluster', () => {
    const app = new App();
    const [one, other] = ['One', 'Other'].map((name) => train(app, name, { machine: AwsMachine.P6_B300_48XLARGE })) as [
      TrainingCluster,
      TrainingCluster,
    ];
    acknowledge(one, id, 'A trial comes first.');

    expect(warnings(one).join()).not.toContain(id);
    expect(warnings(other).join()).toContain(id);
  });
});

test('a stage has its own report', () => {
  const app = new App();
  train(app, 'Shared');
  const stage = new Stage(app, 'Prod');
  train(stage, 'Training');
  const empty = new Stage(app, 'Empty');
  train(empty, 'Training', { job: undefined, nodes: 2 });
  const { directory } = app.synth();

  expect(pathsIn(directory)).toEqual(['Shared/Pretrain']);
  expect(pathsIn(join(directory, 'assembly-Prod'))).toEqual(['Prod/Training/Pretrain']);
  expect(filesIn(join(directory, 'assembly-Empty'))).toEqual([]);
});

test('there is no report without a job', () => {
  const app = new App();
  train(app, 'Training', { job: undefined, nodes: 2 });
  expect(filesIn(app.synth().directory)).toEqual([]);
});

test('a template assertion writes no report to the current folder', () => {
  const before = filesIn(process.cwd());
  Template.fromStack(Stack.of(train(new App(), 'Training')));
  expect(filesIn(process.cwd())).toEqual(before);
});

test('any construct can record a plan, and still have its own synthesis hook', () => {
  const app = new App();
  const { plan } = train(app, 'Training');
  const custom = new Construct(Stack.of(app.node.findChild('Training')), 'Custom');
  recordWorkload(custom, { plan: plan! });
  const synthesized: string[] = [];
  attachCustomSynthesis(custom, { onSynthesize: () => void synthesized.push('custom') });
  const { directory } = app.synth();

  expect(pathsIn(directory)).toEqual(['Training/Pretrain', 'Training/Custom']);
  expect(synthesized).toEqual(['custom']);
});
