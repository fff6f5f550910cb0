import { ApiKey, type IApiKey, Period, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { ACCOUNT_RATE } from './gateway-limits';
import type { GatewayClient } from './gateway-options';

/** An API key and a usage plan for each client, so that no client can use up the limits of another. */
export class GatewayClients extends Construct {
  /** API keys by the name of their client. */
  public readonly apiKeys: Readonly<Record<string, IApiKey>>;

  constructor(scope: Construct, id: string, api: RestApi, clients: Readonly<Record<string, GatewayClient>>) {
    super(scope, id);
    this.apiKeys = Object.fromEntries(
      Object.entries(clients).map(([name, client]) => [name, this.addClient(api, name, client)]),
    );
  }

  private addClient(api: RestApi, name: string, client: GatewayClient): IApiKey {
    const { requestsPerSecond, burst = burstOf(client), requestsPerDay } = client;
    // The CDK gives some ids a special meaning, so the name of a client is never an id itself.
    const parent = new Construct(this, `client-${name}`);
    const key = new ApiKey(parent, 'Key', { description: `${name} at ${this.node.path}` });
    const plan = new UsagePlan(parent, 'Plan', {
      description: `${name} at ${this.node.path}`,
      throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
      quota: requestsPerDay === undefined ? undefined : { limit: requestsPerDay, period: Period.DAY },
      apiStages: [{ api, stage: api.deploymentStage }],
    });
    plan.addApiKey(key);
    return key;
  }
}

function burstOf({ requestsPerSecond }: GatewayClient): number {
  return Math.min(ACCOUNT_RATE.burst, 2 * Math.ceil(requestsPerSecond));
}
