import { Aspects, type TerraformProvider, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { ProblemCollector } from '../core/errors';
import { CONSTRUCT, hasMembers, listOf, required, validateProps } from '../core/prop-schema';
import { choicesAt, chosenProvider, readsIn, useChosenProvider, wouldApply } from './chosen-provider';
import { onceInStack } from './once-in-stack';
import { validateProviders } from './provider-checks';

const PROVIDER = hasMembers(
  'a Terraform provider',
  ['terraformProviderSource', 'fqn'],
  "For example, pass new GoogleProvider(stack, 'Second', { alias: 'second', … }).",
);

/**
 * Chooses the Terraform providers of a construct tree, so that one stack can deploy to several projects, subscriptions, or clusters. All resources and
 * data sources below the scope use the providers, now and later. Constructs with the same provider share their data about the project or the
 * subscription. A choice further down takes precedence, and so does `provider` on a resource of your own.
 *
 * Choose the provider of the cloud before you add constructs below the scope. A Helm provider can follow, because it needs the cluster first. On
 * Azure, choose azurerm and azapi together.
 *
 * @example
 * ```ts
 * import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
 * import { DataBucket, useProviders } from 'ai-infra-constructs/google';
 * import type { TerraformStack } from 'cdktf';
 * import { Construct } from 'constructs';
 *
 * declare const stack: TerraformStack;
 * const europe = new Construct(stack, 'Europe');
 * useProviders(europe, new GoogleProvider(stack, 'EuropeProject', { alias: 'europe', project: 'atlas-europe' }));
 * new DataBucket(europe, 'Datasets', { region: 'europe-west4' });
 * ```
 */
export function useProviders(scope: IConstruct, ...providers: readonly TerraformProvider[]): void {
  const problems = new ProblemCollector();
  const schema = { scope: required(CONSTRUCT), providers: required(listOf(PROVIDER)) };
  if (!validateProps(problems, { scope, providers }, schema)) problems.throwIfAny();
  checkChoices(problems, scope, providers);
  problems.throwIfAny(scope);
  for (const provider of providers) choicesAt(scope).set(provider.terraformResourceType, provider);
  validateProviders(scope);
  onceInStack(scope, 'ai-infra:providers', (stack) => {
    Aspects.of(stack).add({ visit: useChosenProvider });
  });
}

function checkChoices(problems: ProblemCollector, scope: IConstruct, providers: readonly TerraformProvider[]): void {
  const stack = stackOf(scope);
  providers.forEach((provider, index) => {
    const { terraformResourceType: type } = provider;
    const add = (allowed: string, fix: string) => {
      problems.add({ code: 'ProviderChoice', prop: `providers[${index}]`, allowed, got: provider, fix });
    };
    if (!stack || stackOf(provider) !== stack) {
      add('in the stack of the scope: stacks do not share providers', 'Create the provider in the stack of the scope.');
      return;
    }
    if (providers.findIndex((other) => other.terraformResourceType === type) !== index)
      add(`the only provider '${type}' of the scope`, 'Call useProviders() for each of two scopes.');
    const late = readsIn(stack).find((read) => read.type === type && wouldApply(scope, read.scope, type));
    if (late && chosenProvider(late.scope, type) !== provider) add(beforeThat(late.scope), LATE_FIX);
  });
}

function beforeThat({ node }: IConstruct): string {
  return `chosen before ${node.path} exists, which already uses data of another provider`;
}

const LATE_FIX =
  "Create a scope with `new Construct(stack, 'Europe')`, call useProviders() for it, and then add constructs below it.";

function stackOf({ node }: IConstruct): TerraformStack | undefined {
  return node.scopes.find((one): one is TerraformStack => TerraformStack.isStack(one));
}
