import { TerraformResource, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { Problems } from '../core/errors';

const INSTALLED_ON = Symbol.for('ai-infra-constructs.installed-on');

/**
 * Refuses at synthesis software of two clusters that goes through one Helm provider: a provider reaches one cluster, so all of it would land there.
 *
 * @param areTwo whether two clusters are known to be two
 */
export function installsOn<C extends object>(
  software: Construct,
  cluster: C,
  areTwo: (one: C, other: C) => boolean,
): void {
  Object.defineProperty(software, INSTALLED_ON, { value: cluster });
  const isInstalled = (construct: IConstruct): construct is Installed<C> => INSTALLED_ON in construct;
  software.node.addValidation({
    validate: () => {
      const providers = providersOf(software);
      const others = TerraformStack.of(software).node.findAll().filter(isInstalled);
      const shared = others
        .slice(0, others.indexOf(software as Installed<C>))
        .find(
          (other) => areTwo(other[INSTALLED_ON], cluster) && providersOf(other).some((one) => providers.includes(one)),
        );
      if (shared) refuse(software, shared);
      return [];
    },
  });
}

type Installed<C> = IConstruct & { readonly [INSTALLED_ON]: C };

/** The Helm providers of what is below, by their alias; the one without an alias is empty. */
function providersOf(software: IConstruct): string[] {
  return software.node
    .findAll()
    .filter((each) => TerraformResource.isTerraformResource(each))
    .filter(({ terraformResourceType }) => terraformResourceType === 'helm_release')
    .map(({ provider }) => provider?.fqn ?? '');
}

function refuse(software: Construct, shared: IConstruct): void {
  const problems = new Problems();
  problems.add({
    code: 'ProviderMissing',
    prop: "provider 'helm'",
    allowed: 'one for each cluster of the stack',
    got: `one for the clusters of ${shared.node.path} and ${software.node.path}`,
    fix: 'Give each cluster a stack of its own, or set `provider` on the Helm releases of one.',
  });
  problems.throwIfAny(software);
}
