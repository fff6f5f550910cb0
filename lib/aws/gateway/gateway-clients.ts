import { ApiKey, type IApiKey, Period, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { ACCOUNT_RATE } from './gateway-limits';
import type { GatewayClient } from './gateway-options';

/** An API key and a usage plan for each caller, so that none uses up what others were promised. */
export class GatewayClients extends Construct {
  /** The keys, by the name of their caller. */
  public readonly apiKeys: Readonly<Record<string, IApiKey>>;

  constructor(scope: Construct, id: string, api: RestApi, clients: Readonly<Record<string, GatewayClient>>) {
    super(scope, id);
    this.apiKeys = Object.fromEntries(
      Object.entries(clients).map(([name, client]) => [name, this.addClient(api, name, client)]),
    );
  }

  private addClient(api: RestApi, name: string, client: GatewayClient): IApiKey {
    const { requestsPerSecond, burst = burstOf(client), requestsPerDay } = client;
    // Some ids mean something to the CDK: a name of a caller is never one of them.
    const at = new Construct(this, `client-${name}`);
    const key = new ApiKey(at, 'Key', { description: `${name} at ${this.node.path}` });
    const plan = new UsagePlan(at, 'Plan', {
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
