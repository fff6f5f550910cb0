import { TerraformDataSource, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';

const CHOSEN = Symbol.for('ai-infra-constructs.providers');
const ON_BEHALF_OF = Symbol.for('ai-infra-constructs.on-behalf-of');
const READS = Symbol.for('ai-infra-constructs.provider-reads');

interface Scope extends IConstruct {
  readonly [CHOSEN]?: Map<string, TerraformProvider>;
  readonly [ON_BEHALF_OF]?: IConstruct;
}

/** A construct that shares data of the provider of its tree, for example the project. */
interface Read {
  readonly scope: IConstruct;
  readonly type: string;
}

/** A resource or a data source. */
export type ProviderUser = TerraformResource | TerraformDataSource;

/** Whether a construct is a resource or a data source. */
export function isProviderUser(construct: IConstruct): construct is ProviderUser {
  return TerraformResource.isTerraformResource(construct) || TerraformDataSource.isTerraformDataSource(construct);
}

/** The provider that a resource needs, for example `google`. */
export function providerTypeOf({ terraformGeneratorMetadata }: ProviderUser): string | undefined {
  return terraformGeneratorMetadata?.providerName;
}

/** The choices at a scope itself, by provider type. */
export function choicesAt(scope: IConstruct): Map<string, TerraformProvider> {
  const own = (scope as Scope)[CHOSEN];
  if (own) return own;
  const choices = new Map<string, TerraformProvider>();
  Object.defineProperty(scope, CHOSEN, { value: choices });
  return choices;
}

/** The provider that the tree of a construct uses. Undefined for the default provider of the stack. */
export function chosenProvider(construct: IConstruct, type: string): TerraformProvider | undefined {
  for (const scope of ([...construct.node.scopes] as Scope[]).reverse()) {
    const chosen = scope[CHOSEN]?.get(type);
    if (chosen) return chosen;
    const user = scope[ON_BEHALF_OF];
    if (user) return chosenProvider(user, type);
  }
  return undefined;
}

/** The provider of a type without an alias, which resources use if nothing is chosen. */
export function defaultProvider(stack: TerraformStack, type: string): TerraformProvider | undefined {
  return stack.node
    .findAll()
    .filter((each) => TerraformProvider.isTerraformProvider(each))
    .find(({ terraformResourceType, alias }) => terraformResourceType === type && alias === undefined);
}

/** Identifies what the provider of a construct reaches, such as a project: `google` for the default provider, `google.second` for an alias. */
export function providerKey(construct: IConstruct, type: string): string {
  return chosenProvider(construct, type)?.fqn ?? type;
}

/** Sets the provider of its tree on a resource without one. */
export function useChosenProvider(construct: IConstruct): void {
  if (!isProviderUser(construct) || construct.provider) return;
  const type = providerTypeOf(construct);
  if (type !== undefined) construct.provider = chosenProvider(construct, type);
}

/** Constructs that already use data of a provider: a choice for them would come too late. */
export function readsIn(stack: TerraformStack): Read[] {
  const holder = stack as TerraformStack & { [READS]?: Read[] };
  holder[READS] ??= [];
  return holder[READS];
}

/** Whether a choice at a scope would apply to a construct. */
export function wouldApply(scope: IConstruct, construct: IConstruct, type: string): boolean {
  const scopes: readonly Scope[] = construct.node.scopes;
  const at = scopes.indexOf(scope);
  return at >= 0 && !scopes.slice(at + 1).some((one) => one[CHOSEN]?.has(type));
}

/**
 * Returns the construct with an id that all constructs of a stack with the same provider share, and creates it on first use. Data of a project or a
 * subscription differ between providers.
 */
export function onceForProvider<C extends IConstruct>(
  scope: IConstruct,
  type: string,
  id: string,
  make: (holder: Construct) => C,
): C {
  const stack = TerraformStack.of(scope);
  readsIn(stack).push({ scope, type });
  const holder = holderOf(stack, scope, chosenProvider(scope, type));
  const existing = holder.node.tryFindChild(id) as C | undefined;
  if (existing) return existing;
  const made = make(holder);
  // Aspects do not visit a construct that is created while the stack is written.
  made.node.findAll().forEach(useChosenProvider);
  return made;
}

/** The parent of the shared constructs: the stack itself for the default provider. */
function holderOf(stack: TerraformStack, scope: IConstruct, provider: TerraformProvider | undefined): Construct {
  if (provider?.alias === undefined) return stack;
  const id = `AiInfraProvider-${provider.terraformResourceType}-${provider.alias}`;
  return (stack.node.tryFindChild(id) as ProviderHolder | undefined) ?? new ProviderHolder(stack, id, scope);
}

class ProviderHolder extends Construct {
  readonly [ON_BEHALF_OF]: IConstruct;

  constructor(stack: TerraformStack, id: string, user: IConstruct) {
    super(stack, id);
    this[ON_BEHALF_OF] = user;
  }
}
