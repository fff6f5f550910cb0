import { App, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import { AwsMachine, EfaNodeGroup, type EfaNodeGroupOptions } from 'ai-infra-constructs/aws';
import { clusterStack } from '../support';
import { options } from './arbitrary';

function build(each: EfaNodeGroupOptions, app = new App()): EfaNodeGroup {
  const { stack, cluster } = clusterStack({}, app);
  const subnets = { subnets: cluster.vpc.privateSubnets.slice(0, 1) };
  return new EfaNodeGroup(stack, 'Nodes', { ...each, cluster, subnets });
}

test('creates valid nodes from accepted options, and names the option in the error for rejected ones', () => {
  const seen = { accepted: 0, rejected: 0 };
  fc.assert(
    fc.property(options, (each) => {
      let group: EfaNodeGroup;
      try {
        group = build(each);
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
        for (const { prop } of error.problems) expect(Object.keys(each)).toContain(prop.split('.')[0]);
        seen.rejected++;
        return;
      }
      seen.accepted++;
      expectValid(group);
    }),
    { numRuns: 400 },
  );
  // Both cases must occur, or the property proves nothing.
  expect(seen.accepted).toBeGreaterThan(40);
  expect(seen.rejected).toBeGreaterThan(40);
});

test('creates the same template from the same options, and keeps the logical IDs if an option changes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('p5.48xlarge', 'trn1.32xlarge', 'g6e.48xlarge').map((name) => AwsMachine.fromName(name)),
      fc.integer({ min: 20, max: 999 }),
      (chosen, gib) => {
        const nodeOptions = { bootDisk: Size.gibibytes(gib) };
        const synth = (change: Partial<EfaNodeGroupOptions>) =>
          Template.fromStack(Stack.of(build({ machine: chosen, nodes: 2, ...change }))).toJSON();
        expect(synth({ nodeOptions })).toEqual(synth({ nodeOptions }));
        expect(Object.keys(synth({ nodeOptions }).Resources)).toEqual(
          Object.keys(synth({ nodes: 3, nodeOptions: { labels: { a: 'b' } } }).Resources),
        );
      },
    ),
    { numRuns: 15 },
  );
});

function expectValid(group: EfaNodeGroup): void {
  const { cards, efaInterfaces } = group.machine.spec;
  expect(group.efaInterfacesPerNode).toBeLessThanOrEqual(efaInterfaces);
  const [primary, ...others] = group.interfaces;
  expect(primary).toMatchObject({ networkCardIndex: 0, deviceIndex: 0 });
  expect(others.every(({ networkCardIndex }) => cards[networkCardIndex]?.efa)).toBe(true);
  const positions = group.interfaces.map(({ networkCardIndex, deviceIndex }) => `${networkCardIndex}/${deviceIndex}`);
  expect(new Set(positions).size).toBe(positions.length);
  expect(group.subnets).toHaveLength(1);
}
