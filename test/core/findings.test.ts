import { Construct, RootConstruct } from 'constructs';
import { FINDING_IDS, type Finding, findingsOf } from 'ai-infra-constructs';
import { FINDING_METADATA } from '../../lib/core/findings';

const finding = (id: Finding['id']): Finding => ({ id, level: 'info', message: 'm', fix: 'f', evidence: 'e' });

describe('findingsOf', () => {
  test('returns the findings of a construct and all constructs below it, in tree order', () => {
    const root = new RootConstruct();
    const a = new Construct(root, 'A');
    const below = new Construct(a, 'Below');
    const b = new Construct(root, 'B');
    b.node.addMetadata(FINDING_METADATA, finding('fabric/not-full'));
    below.node.addMetadata(FINDING_METADATA, finding('spot/no-checkpoints'));
    a.node.addMetadata(FINDING_METADATA, finding('fabric/no-efa'));

    expect(findingsOf(root).map(({ id }) => id)).toEqual(['fabric/no-efa', 'spot/no-checkpoints', 'fabric/not-full']);
    expect(findingsOf(below)).toEqual([{ ...finding('spot/no-checkpoints'), constructPath: 'A/Below' }]);
  });

  test('ignores other metadata', () => {
    const root = new RootConstruct();
    root.node.addMetadata('aws:cdk:warning', 'another warning');

    expect(findingsOf(root)).toEqual([]);
  });
});

describe('FINDING_IDS', () => {
  test.each(Object.entries(FINDING_IDS))('%s has the form subject/doubt and a one-sentence meaning', (id, meaning) => {
    expect(id).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
    expect(meaning).toMatch(/^[A-Z].*[A-Za-z0-9)]\.$/);
  });
});
