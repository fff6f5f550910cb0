import { App, Stack } from 'aws-cdk-lib';
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

test('accepted options wire a legal node, and rejected ones give a coded error that names the option', () => {
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
      expectLegal(group);
    }),
    { numRuns: 400 },
  );
  // Neither side may be empty, or the property says nothing.
  expect(seen.accepted).toBeGreaterThan(40);
  expect(seen.rejected).toBeGreaterThan(40);
});

test('the same options give the same template, and another option moves no logical id', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('p5.48xlarge', 'trn1.32xlarge', 'g6e.48xlarge').map((name) => AwsMachine.fromName(name)),
      fc.integer({ min: 20, max: 999 }),
      (chosen, rootVolumeGiB) => {
        const synth = (change: Partial<EfaNodeGroupOptions>) =>
          Template.fromStack(Stack.of(build({ machine: chosen, nodes: 2, ...change }))).toJSON();
        expect(synth({ rootVolumeGiB })).toEqual(synth({ rootVolumeGiB }));
        expect(Object.keys(synth({ rootVolumeGiB }).Resources)).toEqual(
          Object.keys(synth({ nodes: 3, labels: { a: 'b' } }).Resources),
        );
      },
    ),
    { numRuns: 15 },
  );
});

function expectLegal(group: EfaNodeGroup): void {
  const { cards, efaInterfaces } = group.machine.spec;
  expect(group.efaInterfacesPerNode).toBeLessThanOrEqual(efaInterfaces);
  const [primary, ...others] = group.interfaces;
  expect(primary).toMatchObject({ networkCardIndex: 0, deviceIndex: 0 });
  expect(others.every(({ networkCardIndex }) => cards[networkCardIndex]?.efa)).toBe(true);
  const places = group.interfaces.map(({ networkCardIndex, deviceIndex }) => `${networkCardIndex}/${deviceIndex}`);
  expect(new Set(places).size).toBe(places.length);
  expect(group.subnets).toHaveLength(1);
}
