import { type TerraformResource, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { expressionOf } from '../../terraform/expression';
import type { ComputeNetwork } from '../provider/google';

/**
 * Rejects at synthesis a firewall rule anywhere in the stack on a network with an RDMA profile. Such networks allow all traffic, and Compute Engine
 * rejects ordinary rules for them.
 *
 * @see https://cloud.google.com/vpc/docs/rdma-network-profiles
 */
export function rejectFirewallRules(scope: Construct, network: ComputeNetwork): void {
  scope.node.addValidation({
    validate: () => {
      const stack = TerraformStack.of(scope);
      const rules = stack.node.findAll().filter(isFirewall);
      for (const rule of rules) {
        const named = expressionOf(rule, rule.networkInput);
        if (!named.includes(`${network.terraformResourceType}.${network.friendlyUniqueId}.`)) continue;
        const problems = new ProblemCollector();
        problems.add({
          code: 'NetworkFirewall',
          prop: 'network',
          allowed: `a network other than ${network.node.path}, because RDMA networks do not support firewall rules`,
          got: rule.node.path,
          fix: 'Remove the rule. The network profile allows traffic between its interfaces.',
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
