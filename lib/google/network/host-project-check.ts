import { TerraformProvider, type TerraformResource, TerraformStack } from 'cdktf';
import { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { type IMlNetwork, projectOf } from './network-attributes';

/**
 * Rejects at synthesis a resource in a network of another project than the provider, unless `shared` is set. A provider project from the environment
 * is unknown.
 */
export function rejectUndeclared(resource: TerraformResource, network: IMlNetwork): void {
  const host = projectOf(network);
  if (host === undefined || network.shared !== undefined) return;
  resource.node.addValidation({
    validate: () => {
      const own = ownProject(resource);
      if (own === undefined || own === host || [own, host].some((project) => /^\d+$/.test(project))) return [];
      const problems = new ProblemCollector();
      problems.add({
        code: 'ValueMissing',
        prop: 'network.shared',
        allowed: `true or false, because the network is in project ${host} and the stack in ${own}`,
        got: undefined,
        fix: 'Set true if the owner of the network creates its resources, or false if this deployment has permission to.',
      });
      problems.throwIfAny(resource);
      return [];
    },
  });
}

/** The project of the provider of a resource, if it is known at synthesis. */
function ownProject(resource: TerraformResource): string | undefined {
  const providers = TerraformStack.of(resource)
    .node.findAll()
    .filter((each) => TerraformProvider.isTerraformProvider(each));
  const provider =
    resource.provider ?? providers.find((one) => one.terraformResourceType === 'google' && one.alias === undefined);
  const project = (provider as { readonly projectInput?: string } | undefined)?.projectInput;
  return isUnknown(project) ? undefined : project;
}
