import { TerraformResource, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { ProblemCollector } from '../core/errors';
import { type SharedCluster, sharesCluster } from '../core/shared-cluster';
import { providerKey } from './chosen-provider';

const INSTALLED_ON = Symbol.for('ai-infra-constructs.installed-on');

/**
 * Rejects software at synthesis that reaches the wrong cluster, or that collides with other software of its cluster. A Helm provider connects
 * to one cluster, which would get the software of two clusters with the same provider.
 *
 * @param cloud provider of the clusters: equal names in two projects or subscriptions are two clusters
 */
export function installsOn<C extends object>(software: Construct, cloud: string, shared: SharedCluster<C>): void {
  const { cluster, isSame } = shared;
  sharesCluster(software, { ...shared, account: () => providerKey(software, cloud) });
  Object.defineProperty(software, INSTALLED_ON, { value: cluster });
  const isInstalled = (construct: IConstruct): construct is Installed<C> => INSTALLED_ON in construct;
  software.node.addValidation({
    validate: () => {
      const providers = providersOf(software);
      const others = TerraformStack.of(software).node.findAll().filter(isInstalled);
      const shared = others
        .slice(0, others.indexOf(software as Installed<C>))
        .find(
          (other) =>
            (isSame(other[INSTALLED_ON], cluster) === false ||
              providerKey(other, cloud) !== providerKey(software, cloud)) &&
            providersOf(other).some((one) => providers.includes(one)),
        );
      if (shared) reject(software, shared);
      return [];
    },
  });
}

type Installed<C> = IConstruct & { readonly [INSTALLED_ON]: C };

/** Aliases of the Helm providers below a construct. The default provider is an empty string. */
function providersOf(software: IConstruct): string[] {
  return software.node
    .findAll()
    .filter((each) => TerraformResource.isTerraformResource(each))
    .filter(({ terraformResourceType }) => terraformResourceType === 'helm_release')
    .map(({ provider }) => provider?.fqn ?? '');
}

function reject(software: Construct, shared: IConstruct): void {
  const problems = new ProblemCollector();
  problems.add({
    code: 'ProviderMissing',
    prop: "provider 'helm'",
    allowed: 'a separate provider for each cluster of the stack',
    got: `one provider for the clusters of ${shared.node.path} and ${software.node.path}`,
    fix: "Use one stack per cluster, or choose a provider for one of them: useProviders(construct, new HelmProvider(stack, 'SecondHelm', { alias: 'second', kubernetes: … })).",
  });
  problems.throwIfAny(software);
}
