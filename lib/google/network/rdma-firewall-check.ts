import { type TerraformResource, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { Problems } from '../../core/errors';
import { expressionOf } from '../../terraform/expression';
import type { ComputeNetwork } from '../provider/google';

/**
 * Refuses at synthesis a firewall rule on a network with an RDMA profile, wherever in the stack it was made: such networks let everything in
 * by themselves, and Compute Engine takes no ordinary rule for them.
 *
 * @see https://cloud.google.com/vpc/docs/rdma-network-profiles
 */
export function refuseFirewallRules(scope: Construct, network: ComputeNetwork): void {
  scope.node.addValidation({
    validate: () => {
      const stack = TerraformStack.of(scope);
      const rules = stack.node.findAll().filter(isFirewall);
      for (const rule of rules) {
        const named = expressionOf(rule, rule.networkInput);
        if (!named.includes(`${network.terraformResourceType}.${network.friendlyUniqueId}.`)) continue;
        const problems = new Problems();
        problems.add({
          code: 'NetworkFirewall',
          prop: 'network',
          allowed: `another network than ${network.node.path}: RDMA networks take no firewall rule`,
          got: rule.node.path,
          fix: 'Remove the rule: the profile of the network lets its interfaces reach each other.',
        });
        problems.throwIfAny(rule);
      }
      return [];
    },
  });
}

function isFirewall(construct: IConstruct): construct is TerraformResource & { readonly networkInput?: string } {
  return (construct as Partial<TerraformResource>).terraformResourceType === 'google_compute_firewall';
}
