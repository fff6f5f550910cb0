import { Construct, type IConstruct } from 'constructs';
import { onlyInStack } from '../../terraform/once-in-stack';
import { DataAzurermClientConfig } from '../provider/azurerm';

const ID = 'AiInfraAzureSubscription';

/** The subscription that the provider of a stack works in, and who applies: looked up once a stack. */
export class CurrentSubscription extends Construct {
  /** That of the stack of a construct. */
  static of(scope: IConstruct): CurrentSubscription {
    return onlyInStack(scope, ID, (stack) => new CurrentSubscription(stack, ID));
  }

  private readonly client: DataAzurermClientConfig;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.client = new DataAzurermClientConfig(this, 'Client');
  }

  /** Its id: a GUID. */
  get subscriptionId(): string {
    return this.client.subscriptionId;
  }

  /** Its resource id: `/subscriptions/…`. */
  get id(): string {
    return `/subscriptions/${this.subscriptionId}`;
  }

  /** The tenant of Entra that it trusts. */
  get tenantId(): string {
    return this.client.tenantId;
  }

  /** Object id of whoever runs Terraform. */
  get objectId(): string {
    return this.client.objectId;
  }
}
