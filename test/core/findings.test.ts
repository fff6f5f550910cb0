import { Construct, RootConstruct } from 'constructs';
import { FINDING_IDS, type Finding, findingsOf } from 'ai-infra-constructs';
import { FINDING_METADATA } from '../../lib/core/findings';

const finding = (id: Finding['id']): Finding => ({ id, level: 'info', message: 'm', fix: 'f', evidence: 'e' });

describe('findings of a tree', () => {
  test('are those of a construct and all below it, in tree order', () => {
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

  test('leave out other metadata', () => {
    const root = new RootConstruct();
    root.node.addMetadata('aws:cdk:warning', 'another matter');

    expect(findingsOf(root)).toEqual([]);
  });
});

describe('the table of ids', () => {
  test.each(Object.entries(FINDING_IDS))('%s is a subject and a doubt, and its meaning one sentence', (id, meaning) => {
    expect(id).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
    expect(meaning).toMatch(/^[A-Z].*[A-Za-z)]\.$/);
  });
});
