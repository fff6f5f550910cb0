import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import type { Problems } from '../../core/errors';
import { onlyInStack } from '../../terraform/once-in-stack';
import type { AzureMachine } from '../machine/machine';
import { CurrentSubscription } from '../operations/current-subscription';
import { AzapiResource } from '../provider/azapi';

/**
 * What a subscription says of the feature `Microsoft.ContainerService/AKSInfinibandSupport`. Machines of A100, H100, H200 and MI300X have
 * InfiniBand on AKS only where it is registered; those of GB200 and GB300 only where it is not, so that one subscription runs one of both.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/README.md, section 6; read 2026-11.
 */
export enum InfinibandFeature {
  /** It is registered already. */
  REGISTERED = 'registered',
  /** It is to be registered together with the nodes, by the provider azapi: Azure takes some minutes, so that a first apply may come too soon. */
  REGISTER = 'register',
  /** It is not registered. */
  UNREGISTERED = 'unregistered',
}

const REGISTERED: readonly InfinibandFeature[] = [InfinibandFeature.REGISTERED, InfinibandFeature.REGISTER];

/** What a machine wants of the subscription. @default - it has no InfiniBand, and takes either */
function allowedFor({ spec }: AzureMachine): readonly InfinibandFeature[] | undefined {
  if (spec.aksInfinibandFeature === undefined) return undefined;
  return spec.aksInfinibandFeature === 'register' ? REGISTERED : [InfinibandFeature.UNREGISTERED];
}

/** Adds a problem where what is said of the subscription is not what the machine wants. */
export function checkInfinibandFeature(
  problems: Problems,
  machine: AzureMachine,
  feature: InfinibandFeature | undefined,
): void {
  const allowed = allowedFor(machine);
  if (allowed === undefined ? feature === undefined : feature !== undefined && allowed.includes(feature)) return;
  const names = Object.entries(InfinibandFeature).filter(([, value]) => allowed?.includes(value));
  problems.add({
    code: feature === undefined ? 'ValueMissing' : 'InfinibandFeature',
    prop: 'infinibandFeature',
    allowed: allowed
      ? `InfinibandFeature.${names.map(([name]) => name).join(' or .')}, for ${machine.name} to have its InfiniBand on AKS`
      : `left out: ${machine.name} has no InfiniBand that AKS knows of`,
    got: feature,
    fix: allowed
      ? 'Look with `az feature show --namespace Microsoft.ContainerService --name AKSInfinibandSupport`.'
      : 'Leave it out.',
  });
}

/** A pool, with what it says of the subscription. */
export interface FeatureClaim {
  /** Where it stands, for the message. */
  readonly name: string;
  readonly machine: AzureMachine;
  readonly feature: InfinibandFeature;
}

/** Adds a problem where two pools of one subscription want the opposite of each other. */
export function checkOneFeature(problems: Problems, claims: readonly FeatureClaim[]): void {
  const [first, ...others] = claims;
  for (const { name, machine, feature } of others) {
    if (REGISTERED.includes(feature) === REGISTERED.includes(first!.feature)) continue;
    problems.add({
      code: 'InfinibandFeature',
      prop: 'machine',
      allowed: `of the generation of ${first!.machine.name} (${first!.name}): one subscription has the feature, or has it not`,
      got: `${machine.name} (${name})`,
      fix: 'Put one of both into a stack of another subscription.',
    });
  }
}

const CLAIMS = Symbol.for('ai-infra-constructs.aksInfinibandFeature');

/** The claims of all pools of a stack, and so of one subscription. */
function claimsIn(stack: TerraformStack): FeatureClaim[] {
  const holder = stack as { [CLAIMS]?: FeatureClaim[] };
  holder[CLAIMS] ??= [];
  return holder[CLAIMS];
}

/** Adds a problem where a pool wants the opposite of what pools of its stack want that stand already. */
export function checkFeatureInStack(problems: Problems, scope: IConstruct, claim: FeatureClaim): void {
  const [first] = claimsIn(TerraformStack.of(scope));
  if (first) checkOneFeature(problems, [first, claim]);
}

/** Notes what a pool says of its subscription. */
export function claimFeature(scope: IConstruct, claim: FeatureClaim): void {
  claimsIn(TerraformStack.of(scope)).push(claim);
}

const ID = 'AiInfraAksInfiniband';

/**
 * The registration of the feature, once a stack. It goes with the stack, and the feature with it: where other clusters of
 * the subscription need it, register it by hand, and say `InfinibandFeature.REGISTERED`.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/preview-features
 */
export class InfinibandRegistration extends Construct {
  /** That of the stack of a construct. */
  static of(scope: IConstruct): InfinibandRegistration {
    return onlyInStack(scope, ID, (stack) => new InfinibandRegistration(stack, ID));
  }

  public readonly resource: AzapiResource;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const { id: subscription } = CurrentSubscription.of(this);
    this.resource = new AzapiResource(this, 'Resource', {
      type: 'Microsoft.Features/featureProviders/subscriptionFeatureRegistrations@2021-07-01',
      name: 'AKSInfinibandSupport',
      parentId: `${subscription}/providers/Microsoft.Features/featureProviders/Microsoft.ContainerService`,
      body: { properties: {} },
    });
  }
}
