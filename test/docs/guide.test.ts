import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ERROR_CODES, FINDING_IDS } from 'ai-infra-constructs';
import * as aws from 'ai-infra-constructs/aws';
import * as google from 'ai-infra-constructs/google';
import { parse } from 'yaml';
import { acceleratorPool } from '../../lib/aws/nodes/accelerator-pool';
import { trainJob } from '../../lib/kubernetes';
import { blocksOf, textOf } from './snippets';

/** What stands in code quotes in the paragraphs of a guide that begin with a word. */
function quotedBehind(word: string, guide: string): string[] {
  const paragraphs = guide.split('\n\n').filter((paragraph) => paragraph.startsWith(`${word}: `));
  return paragraphs.flatMap((paragraph) => [...paragraph.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted!));
}

/** The pages that guide through a cloud. */
const GUIDES = {
  aws: ['aws', 'batch-inference', 'gateway', 'inference', 'kubernetes-inference'],
  google: ['google', 'google-batch', 'google-inference', 'google-kubernetes-inference'],
};

describe.each([
  ['aws', aws],
  ['google', google],
] as const)('the guide of %s', (cloud, entry) => {
  const guide = GUIDES[cloud].map((page) => textOf(`docs/${page}.md`)).join('\n\n');

  test('names everything that the entry point exports', () => {
    expect(Object.keys(entry).filter((name) => !guide.includes(name))).toEqual([]);
  });

  test('refuses by codes that exist, or as another construct does', () => {
    const known = [...Object.keys(ERROR_CODES), ...Object.keys(entry)];
    expect(quotedBehind('Refuses', guide).filter((quoted) => !known.includes(quoted))).toEqual([]);
  });

  test('doubts by every finding that the constructs record', () => {
    const quoted = quotedBehind('Doubts', guide);
    const recordedIn = (layer: string) => {
      const folder = join(__dirname, '../../lib', layer);
      const sources = readdirSync(folder, { encoding: 'utf8', recursive: true })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8'));
      return Object.keys(FINDING_IDS).filter((id) => sources.some((source) => source.includes(`'${id}'`)));
    };
    const findings = recordedIn(cloud);
    // What clouds share is found by a layer below, and recorded by each of them.
    const shared = ['kubernetes', 'core/planning'].flatMap(recordedIn);
    const known = [...findings, ...shared, ...Object.keys(entry)];
    expect(quoted.filter((id) => !known.includes(id))).toEqual([]);
    expect(findings.filter((id) => !quoted.includes(id))).toEqual([]);
  });
});

describe('the guide of AWS', () => {
  test('shows the job that the library itself would make', () => {
    const yaml = blocksOf('docs/aws.md').find(({ language }) => language === 'yaml');
    const { nodeGroup } = new aws.TrainingCluster(new Stack(new App(), 'Training'), 'Pretrain', {
      machine: aws.AwsMachine.P5_48XLARGE,
      nodes: 8,
    });
    const job = trainJob({
      name: 'pretrain-1',
      namespace: 'training',
      queue: 'training',
      priority: 'normal',
      pool: acceleratorPool(nodeGroup),
      command: ['torchrun', '/shared/datasets/train.py'],
    });
    expect(parse(yaml!.text)).toEqual(job);
  });
});

describe('the picture of the reference architecture', () => {
  const picture = textOf('docs/images/training-platform.svg');

  test('shows the figures of the example', () => {
    const machine = aws.AwsMachine.P5EN_48XLARGE;
    const { fileSystem } = new aws.TrainingCluster(new Stack(new App(), 'Training'), 'Pretrain', {
      machine,
      nodes: 16,
    });
    expect(picture).toContain(`>16 × ${machine.name}, ${16 * machine.spec.accelerators} H200 GPUs`);
    expect(picture).toContain(`>${fileSystem!.sizeGiB.toLocaleString('en-US')} GiB SSD<`);
    expect(picture).toContain(`>EFA fabric, ${machine.spec.efaInterfaces} interfaces a node<`);
  });

  test('loads nothing from elsewhere, and follows the reader’s colour scheme', () => {
    expect(picture.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|@import|@font-face|<script|xlink/,
    );
    expect(picture).toContain('@media (prefers-color-scheme: dark)');
  });
});
