import { App } from 'aws-cdk-lib';
import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import { Capacity, EfaNodeGroup } from 'ai-infra-constructs/aws';
import { options } from '../nodes/arbitrary';
import { clusterStack, STRICT, synthGroup } from '../support';
import { validated } from './validators';

describe('EfaNodeGroup', () => {
  test('passes the CloudFormation validator with all accepted options', () => {
    const samples = fc.sample(options, { numRuns: 120 });
    const app = new App(STRICT);
    const { stack, cluster } = clusterStack({}, app);
    const subnets = { subnets: cluster.vpc.privateSubnets.slice(0, 1) };
    const accepted = samples.filter((each, index) => {
      try {
        new EfaNodeGroup(stack, `Nodes${index}`, { ...each, cluster, subnets });
        return true;
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
        return false;
      }
    });
    expect(accepted.length).toBeGreaterThan(10);
    expect(() => validated(() => app.synth())).not.toThrow();
  });

  test('passes the CloudFormation validator with each kind of capacity', () => {
    for (const capacity of [
      Capacity.onDemand(),
      Capacity.spot({ fallback: Capacity.onDemand() }),
      Capacity.newReservation({ confirm: 'costs until deleted' }),
      Capacity.capacityBlock('cr-0123456789abcdef0'),
    ]) {
      expect(() => validated(() => synthGroup({ capacity }, {}, new App(STRICT)))).not.toThrow();
    }
  });
});
