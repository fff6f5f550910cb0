import { DefaultTokenResolver, StringConcat, TerraformProvider, type TerraformStack, Tokenization } from 'cdktf';
import type { IConstruct } from 'constructs';
import { ProblemCollector } from '../core/errors';
import { chosenProvider, isProviderUser, providerKey, providerTypeOf, type ProviderUser } from './chosen-provider';
import { onceInStack } from './once-in-stack';

const CHECKED = Symbol.for('ai-infra-constructs.checked-providers');

/**
 * Checks at synthesis that the resources of a construct reach one project or subscription: they must have the provider of their tree. A resource
 * with another one would mix with data about the wrong project.
 */
export function checkProviders(construct: IConstruct): void {
  Object.defineProperty(construct, CHECKED, { value: true });
  validateProviders(construct);
}

/** Checks the providers of a stack at synthesis. */
export function validateProviders(scope: IConstruct): void {
  onceInStack(scope, 'ai-infra:provider-checks', (stack) => {
    stack.node.addValidation({ validate: () => validate(stack) });
  });
}

/** Providers of a cloud. Helm is not one: its provider reaches a cluster, which `installsOn` checks. */
const CLOUDS = ['google', 'azurerm', 'azapi', 'alicloud'];

const FIX = 'Call useProviders(scope, …) for a construct above them, and leave `provider` of their resources unset.';

function validate(stack: TerraformStack): string[] {
  const problems = new ProblemCollector();
  const providers = stack.node.findAll().filter((each) => TerraformProvider.isTerraformProvider(each));
  const users = usersBelow(stack);
  rejectMissing(problems, users, providers);
  problems.throwIfAny(stack);
  for (const type of CLOUDS) {
    const ofType = users.filter((user) => providerTypeOf(user) === type);
    for (const tree of groupsBy(ofType, type)) rejectMixed(problems, tree, type, providers);
  }
  for (const tree of groupsBy(users, 'azurerm')) rejectHalfPair(problems, tree, providers);
  problems.throwIfAny(stack);
  return [];
}

/** Resources and data sources below the constructs of this library. */
function usersBelow(construct: IConstruct, isBelow = false): ProviderUser[] {
  const isChecked = isBelow || CHECKED in construct;
  const own = isChecked && isProviderUser(construct) ? [construct] : [];
  return [...own, ...construct.node.children.flatMap((child) => usersBelow(child, isChecked))];
}

/** Groups resources whose trees chose the same provider of a type. */
function groupsBy(users: readonly ProviderUser[], type: string): ProviderUser[][] {
  const groups = new Map<string, ProviderUser[]>();
  for (const user of users) {
    const key = providerKey(user, type);
    groups.set(key, [...(groups.get(key) ?? []), user]);
  }
  return [...groups.values()];
}

/** Terraform uses an empty configuration if each provider of a type has an alias. cdktf reports a stack without any. */
function rejectMissing(
  problems: ProblemCollector,
  users: readonly ProviderUser[],
  providers: readonly TerraformProvider[],
): void {
  const types = new Set(users.filter(({ provider }) => !provider).map(providerTypeOf));
  for (const type of types) {
    const ofType = providers.filter(({ terraformResourceType }) => terraformResourceType === type);
    if (ofType.length === 0 || ofType.some(({ alias }) => alias === undefined)) continue;
    const user = users.find((one) => !one.provider && providerTypeOf(one) === type)!;
    problems.add({
      code: 'ProviderMissing',
      prop: `provider '${type}'`,
      allowed: `chosen for ${user.node.path}, because no provider '${type}' of the stack is without an alias`,
      got: ofType.map(({ fqn }) => fqn),
      fix: 'Call useProviders(scope, provider) before you add constructs to the scope, or remove the alias.',
    });
  }
}

/** Rejects a tree whose resources have different providers, as after an aspect that sets `provider` on some of them. */
function rejectMixed(
  problems: ProblemCollector,
  tree: readonly ProviderUser[],
  type: string,
  providers: readonly TerraformProvider[],
): void {
  const used = new Map<TerraformProvider | undefined, ProviderUser>();
  for (const user of tree) if (!used.has(providerOf(user, providers))) used.set(providerOf(user, providers), user);
  const byDefault = [...used.keys()].find((provider) => provider?.alias === undefined);
  const expected = chosenProvider(tree[0]!, type) ?? byDefault ?? providerOf(tree[0]!, providers);
  const [other] = [...used].filter(([provider]) => provider !== expected && targetOf(provider) !== targetOf(expected));
  if (!other) return;
  const [provider, user] = other;
  const same = used.get(expected);
  problems.add({
    code: 'ProviderChoice',
    prop: `provider '${type}'`,
    allowed: `${expected?.fqn} for all resources and data sources of the tree${same ? `, such as ${same.node.path}` : ''}`,
    got: `${provider?.fqn} for ${user.node.path}`,
    fix: FIX,
  });
}

/** Rejects a tree whose azurerm and azapi resources reach different subscriptions. */
function rejectHalfPair(
  problems: ProblemCollector,
  tree: readonly ProviderUser[],
  providers: readonly TerraformProvider[],
): void {
  const [azurerm, azapi] = ['azurerm', 'azapi'].map((type) => tree.find((user) => providerTypeOf(user) === type));
  const [one, other] = [azurerm && providerOf(azurerm, providers), azapi && providerOf(azapi, providers)];
  if (!one || !other) return;
  const [subscription, otherSubscription] = [one, other].map((each) => configOf(each).subscription_id);
  const known = subscription !== undefined && otherSubscription !== undefined;
  if (known ? subscription === otherSubscription : (one.alias === undefined) === (other.alias === undefined)) return;
  problems.add({
    code: 'ProviderChoice',
    prop: "provider 'azapi'",
    allowed: `for the same subscription as ${one.fqn}, which ${azurerm!.node.path} uses`,
    got: `${other.fqn} for ${azapi!.node.path}`,
    fix: 'Choose both: useProviders(scope, azurerm, azapi), with the same subscriptionId.',
  });
}

/** The provider of a resource, or the default provider of the stack. */
function providerOf(user: ProviderUser, providers: readonly TerraformProvider[]): TerraformProvider | undefined {
  const type = providerTypeOf(user);
  return (
    user.provider ??
    providers.find(({ terraformResourceType, alias }) => terraformResourceType === type && alias === undefined)
  );
}

/** Settings that do not change what a provider reaches. Resources of Google Cloud have a location of their own. */
const IRRELEVANT: Readonly<Record<string, readonly string[]>> = { google: ['alias', 'region', 'zone'] };

/** What a provider reaches. Two providers with the same configuration, such as google and google-beta, reach the same. */
function targetOf(provider: TerraformProvider | undefined): string {
  if (!provider) return '';
  const irrelevant = IRRELEVANT[provider.terraformResourceType] ?? ['alias'];
  return JSON.stringify(configOf(provider), (key, value: unknown) => (irrelevant.includes(key) ? undefined : value));
}

function configOf(provider: TerraformProvider): Readonly<Record<string, unknown>> {
  const { provider: written } = provider.toTerraform() as { provider: Record<string, readonly unknown[]> };
  const resolver = new DefaultTokenResolver(new StringConcat());
  const [config] = Object.values(written)[0] ?? [];
  return Tokenization.resolve(config, { scope: provider, resolver, preparing: false }) as Record<string, unknown>;
}
