import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { onceForProvider, providerKey } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';
import type { AzureMachine } from '../machine/machine';
import { CurrentSubscription } from '../operations/current-subscription';
import { AzapiResourceAction } from '../provider/azapi-update';

/**
 * State of the feature `Microsoft.ContainerService/AKSInfinibandSupport` in the subscription. Machines with A100, H100, H200, and MI300X have
 * InfiniBand on AKS only if it is registered. Machines with GB200 and GB300 have it only if it is not, so one subscription supports one generation.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/README.md, section 6; read 2026-11.
 */
export enum InfinibandFeature {
  /** The feature is registered already. */
  REGISTERED = 'registered',
  /** azapi registers the feature with the nodes, and never unregisters it. Azure needs some minutes, so the first apply can fail. */
  REGISTER = 'register',
  /** The feature is not registered. */
  UNREGISTERED = 'unregistered',
}

const REGISTERED: readonly InfinibandFeature[] = [InfinibandFeature.REGISTERED, InfinibandFeature.REGISTER];

/** States that a machine supports. Undefined if it has no InfiniBand. */
function allowedFor({ spec }: AzureMachine): readonly InfinibandFeature[] | undefined {
  if (spec.aksInfinibandFeature === undefined) return undefined;
  return spec.aksInfinibandFeature === 'register' ? REGISTERED : [InfinibandFeature.UNREGISTERED];
}

/** Adds a problem if the machine does not support the state of the feature. */
export function checkInfinibandFeature(
  problems: ProblemCollector,
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
      ? `InfinibandFeature.${names.map(([name]) => name).join(' or .')} for InfiniBand of ${machine.name} on AKS`
      : `left out for ${machine.name}, which has no InfiniBand on AKS`,
    got: feature,
    fix: allowed
      ? 'Check it with `az feature show --namespace Microsoft.ContainerService --name AKSInfinibandSupport`.'
      : 'Remove infinibandFeature.',
  });
}

/** The feature state that a pool requires. */
export interface FeatureClaim {
  /** Path of the pool, for the message. */
  readonly name: string;
  readonly machine: AzureMachine;
  readonly feature: InfinibandFeature;
}

/** Adds a problem if two pools of one subscription require different states. */
export function checkOneFeature(problems: ProblemCollector, claims: readonly FeatureClaim[]): void {
  const [first, ...others] = claims;
  for (const { name, machine, feature } of others) {
    if (REGISTERED.includes(feature) === REGISTERED.includes(first!.feature)) continue;
    problems.add({
      code: 'InfinibandFeature',
      prop: 'machine',
      allowed: `of the same generation as ${first!.machine.name} (${first!.name}), because the feature applies to the whole subscription`,
      got: `${machine.name} (${name})`,
      fix: 'Move one of them to a stack in another subscription.',
    });
  }
}

const CLAIMS = Symbol.for('ai-infra-constructs.aksInfinibandFeature');

/** Claims of the pools of a stack with one provider, which has one subscription. */
function claimsAt(scope: IConstruct): FeatureClaim[] {
  const stack = TerraformStack.of(scope) as { [CLAIMS]?: Map<string, FeatureClaim[]> };
  stack[CLAIMS] ??= new Map<string, FeatureClaim[]>();
  const key = providerKey(scope, 'azurerm');
  const claims = stack[CLAIMS].get(key) ?? [];
  stack[CLAIMS].set(key, claims);
  return claims;
}

/** Adds a problem if a pool requires another state than the earlier pools of the subscription. */
export function checkFeatureInStack(problems: ProblemCollector, scope: IConstruct, claim: FeatureClaim): void {
  const [first] = claimsAt(scope);
  if (first) checkOneFeature(problems, [first, claim]);
}

/** Records the feature state that a pool requires. */
export function claimFeature(scope: IConstruct, claim: FeatureClaim): void {
  claimsAt(scope).push(claim);
}

const ID = 'AiInfraAksInfiniband';

/**
 * Registers the feature, once per stack and subscription. It is a request that Terraform sends once, not a resource. The feature applies to the whole subscription, so
 * it stays registered when the stack is destroyed, and when `REGISTER` becomes `REGISTERED`.
 *
 * Source: Azure/terraform-provider-azapi c43c57b, internal/services/azapi_resource_action_resource.go: a destroy sends no request for an action of
 * `apply`; read 2026-11.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/preview-features
 */
export class InfinibandRegistration extends Construct {
  /** Returns the registration for the subscription of a construct. */
  static of(scope: IConstruct): InfinibandRegistration {
    return onceForProvider(scope, 'azurerm', ID, (holder) => new InfinibandRegistration(holder, ID));
  }

  public readonly resource: AzapiResourceAction;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    const { id: subscription } = CurrentSubscription.of(this);
    this.resource = new AzapiResourceAction(this, 'Resource', {
      type: 'Microsoft.Features/featureProviders/subscriptionFeatureRegistrations@2021-07-01',
      resourceId: `${subscription}/providers/Microsoft.Features/featureProviders/${FEATURE}`,
      method: 'PUT',
      when: 'apply',
      body: { properties: {} },
    });
  }
}

const FEATURE = 'Microsoft.ContainerService/subscriptionFeatureRegistrations/AKSInfinibandSupport';
