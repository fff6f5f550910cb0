import { Construct, type IConstruct } from 'constructs';
import { onceForProvider } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';
import { DataAzurermClientConfig } from '../provider/azurerm';

const ID = 'AiInfraAzureSubscription';

/**
 * The subscription of the provider, and the principal that runs Terraform. Each stack looks it up once.
 *
 * @example
 * ```ts
 * import { CurrentSubscription } from 'ai-infra-constructs/azure';
 *
 * const { subscriptionId, tenantId } = CurrentSubscription.of(stack);
 * ```
 */
export class CurrentSubscription extends Construct {
  /** Returns the subscription of the stack of a construct. */
  static of(scope: IConstruct): CurrentSubscription {
    return onceForProvider(scope, 'azurerm', ID, (holder) => new CurrentSubscription(holder, ID));
  }

  private readonly client: DataAzurermClientConfig;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    this.client = new DataAzurermClientConfig(this, 'Client');
  }

  /** Subscription id, a GUID. */
  get subscriptionId(): string {
    return this.client.subscriptionId;
  }

  /** Resource id: `/subscriptions/…`. */
  get id(): string {
    return `/subscriptions/${this.subscriptionId}`;
  }

  /** Id of the Entra tenant. */
  get tenantId(): string {
    return this.client.tenantId;
  }

  /** Object id of the principal that runs Terraform. */
  get objectId(): string {
    return this.client.objectId;
  }
}
