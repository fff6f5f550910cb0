import { TerraformProvider, type TerraformResource, TerraformStack } from 'cdktf';
import { Problems } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { type IMlNetwork, projectOf } from './network-attributes';

/**
 * Refuses at synthesis what would be added to a network of another project than that of the provider, unless someone said whether this stack may.
 * What only the environment tells the provider is not known.
 */
export function refuseUnsaid(resource: TerraformResource, network: IMlNetwork): void {
  const host = projectOf(network);
  if (host === undefined || network.shared !== undefined) return;
  resource.node.addValidation({
    validate: () => {
      const own = ownProject(resource);
      if (own === undefined || own === host || [own, host].some((project) => /^\d+$/.test(project))) return [];
      const problems = new Problems();
      problems.add({
        code: 'ValueMissing',
        prop: 'network.shared',
        allowed: `said: the network is of the project ${host}, and the stack works in ${own}`,
        got: undefined,
        fix: 'Say true where the owner of the network makes what stands in it, and false where whoever deploys has the right to.',
      });
      problems.throwIfAny(resource);
      return [];
    },
  });
}

/** The project of the provider of a resource, as far as it is known. */
function ownProject(resource: TerraformResource): string | undefined {
  const providers = TerraformStack.of(resource)
    .node.findAll()
    .filter((each) => TerraformProvider.isTerraformProvider(each));
  const provider =
    resource.provider ?? providers.find((one) => one.terraformResourceType === 'google' && one.alias === undefined);
  const project = (provider as { readonly projectInput?: string } | undefined)?.projectInput;
  return isUnknown(project) ? undefined : project;
}
