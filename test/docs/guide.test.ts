import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ERROR_CODES, FINDING_IDS } from 'ai-infra-constructs';
import * as aws from 'ai-infra-constructs/aws';
import * as azure from 'ai-infra-constructs/azure';
import * as google from 'ai-infra-constructs/google';
import { parse } from 'yaml';
import { acceleratorPool } from '../../lib/aws/nodes/accelerator-pool';
import { trainJob } from '../../lib/kubernetes';
import { type Cloud, CLOUDS, ENGINES, isGuideOf, rowOf } from '../../scripts/clouds';
import { blocksOf, exportsOf, textOf } from './snippets';

/** Returns the inline code in the paragraphs of a guide that start with a word. */
function quotedBehind(word: string, guide: string): string[] {
  const paragraphs = guide.split('\n\n').filter((paragraph) => paragraph.startsWith(`${word}: `));
  return paragraphs.flatMap((paragraph) => [...paragraph.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted!));
}

/** Returns the text of the pages that document a cloud. */
function guideOf(cloud: Cloud): string {
  const pages = readdirSync(join(__dirname, '../../docs')).filter((file) => file.endsWith('.md'));
  const ofCloud = pages.filter((file) => isGuideOf(cloud, file.slice(0, -3)));
  return ofCloud.map((file) => textOf(`docs/${file}`)).join('\n\n');
}

const LIB = join(__dirname, '../../lib');

/** Returns the source files of a library folder. The table of all findings is left out. */
function filesOf(folder: string): string[] {
  const files = readdirSync(join(LIB, folder), { encoding: 'utf8', recursive: true });
  return files.map((file) => join(LIB, folder, file)).filter((file) => file.endsWith('.ts') && file !== FINDINGS);
}

const FINDINGS = join(LIB, 'core/findings.ts');

/** Returns the source files of a cloud, and those of the folders for its engine that it imports. */
function filesOfCloud(cloud: Cloud): string[] {
  const shared = ENGINES[rowOf(cloud).engine].layers.flatMap(filesOf);
  const found = new Set(filesOf(cloud));
  // The loop also visits the files that it adds.
  for (const file of found) {
    const imported = readFileSync(file, 'utf8').matchAll(/ from '(\.[^']+)'/g);
    for (const [, path] of imported) {
      const target = join(dirname(file), `${path}.ts`);
      if (shared.includes(target)) found.add(target);
    }
  }
  return [...found];
}

/** Returns the findings that source files record. */
function findingsIn(files: readonly string[]): string[] {
  const sources = files.map((file) => readFileSync(file, 'utf8'));
  return Object.keys(FINDING_IDS).filter((id) => sources.some((source) => source.includes(`'${id}'`)));
}

describe.each(CLOUDS)('the guide of %s', (cloud) => {
  const guide = guideOf(cloud);
  const exported = exportsOf(`ai-infra-constructs/${cloud}`);

  test('names everything that the entry point exports', () => {
    expect(exported.filter((name) => !guide.includes(name))).toEqual([]);
  });

  test('names only existing error codes', () => {
    const known = [...Object.keys(ERROR_CODES), ...exported];
    expect(quotedBehind('Errors', guide).filter((quoted) => !known.includes(quoted))).toEqual([]);
  });

  test('names every finding that the constructs record', () => {
    const quoted = quotedBehind('Findings', guide);
    const findings = findingsIn(filesOfCloud(cloud));
    const known = [...findings, ...findingsIn(['core', 'kubernetes'].flatMap(filesOf)), ...exported];
    expect(quoted.filter((id) => !known.includes(id))).toEqual([]);
    expect(findings.filter((id) => !quoted.includes(id))).toEqual([]);
  });
});

describe('the guide of AWS', () => {
  test('shows the same job that the library creates', () => {
    const yaml = blocksOf('docs/aws.md').find(({ language }) => language === 'yaml');
    const { nodeGroup } = new aws.TrainingCluster(new Stack(new App(), 'Training'), 'Pretrain', {
      machine: aws.AwsMachine.P5_48XLARGE,
      nodes: 8,
    });
    const job = trainJob({
      name: 'pretrain-1',
      namespace: 'training',
      queue: 'training',
      priority: aws.JobPriority.NORMAL,
      pool: acceleratorPool(nodeGroup),
      command: ['torchrun', '/shared/datasets/train.py'],
    });
    expect(parse(yaml!.text)).toEqual(job);
  });
});

describe('the picture of the reference architecture', () => {
  const picture = textOf('docs/images/training-platform.svg');

  test('shows nodes of each cloud and their fabric', () => {
    const machines = [
      aws.AwsMachine.P5EN_48XLARGE,
      azure.AzureMachine.ND96ISR_H200_V5,
      google.GoogleMachine.A3_ULTRAGPU_8G,
    ];
    const gpus = machines.map(({ spec, chip }) => [spec.accelerators, chip === machines[0]!.chip]);
    expect(gpus).toEqual(machines.map(() => [8, true]));
    expect(picture).toContain(`>AWS, Azure, Google Cloud: ${16 * 8} H200 on 16 nodes`);
    expect([machines[0]!.spec, machines[1]!.spec, machines[2]!.spec]).toMatchObject([
      { efaInterfaces: 16 },
      { infiniband: { links: 8 } },
      { transport: 'RoCE' },
    ]);
    expect(picture).toContain('>EFA, InfiniBand or RoCE, in full<');
  });

  test('loads nothing, and follows the color scheme of the reader', () => {
    expect(picture.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|@import|@font-face|<script|xlink/,
    );
    expect(picture).toContain('@media (prefers-color-scheme: dark)');
  });
});
