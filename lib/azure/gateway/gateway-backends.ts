import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiResource } from '../provider/azapi';
import { ApiManagementBackend } from '../provider/azurerm';
import type { SettledGateway } from './gateway-options';
import type { GatewayService } from './gateway-service';

/** Types of the API that no resource of azurerm says, in the newest stable version that azapi 2.12.0 knows. */
export const GATEWAY_TYPES = {
  backend: 'Microsoft.ApiManagement/service/backends@2024-05-01',
  diagnostic: 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01',
} as const;

/** The body of a pool of backends, in the words of the API. */
interface PoolBody {
  readonly properties: {
    readonly type: 'Pool';
    readonly description: string;
    readonly pool: {
      readonly services: readonly { readonly id: string; readonly priority: number; readonly weight: number }[];
    };
  };
}

/**
 * When an endpoint is left out for a while. One of several goes at once, since another answers in its place; one alone is spared only where it
 * keeps failing. It comes back when it said that it would, else after ten seconds. All of these are our choice.
 */
const BREAKERS = {
  alone: { count: 10, intervalDuration: 'PT1M' },
  ofSeveral: { count: 1, intervalDuration: 'PT10S' },
} as const;
const TRIP = 'PT10S';

/** What counts as a failure: too much for it, or out of order. */
const FAILURES = [
  { min: 429, max: 429 },
  { min: 500, max: 599 },
];

/** The endpoints behind a gateway as API Management calls them: each with a breaker, several in a pool. */
export class GatewayBackends extends Construct {
  /** Name of the backend that gets requests. */
  public readonly name: string;
  /** The endpoints by name. */
  public readonly endpoints: Readonly<Record<string, ApiManagementBackend>>;
  /** The pool. @default - there is one endpoint */
  public readonly pool?: AzapiResource;
  /** Name of the backend that judges. @default - nothing judges in the gateway */
  public readonly safetyName?: string;
  /** What policies must wait for: they call backends by name, and those by right. */
  public readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, gateway: SettledGateway, service: GatewayService) {
    super(scope, id);
    const { endpoints, screening } = gateway;
    const { principalId } = service.identity;
    const breaker = endpoints.size > 1 ? BREAKERS.ofSeveral : BREAKERS.alone;
    this.endpoints = Object.fromEntries(
      [...endpoints].map(([name, { endpoint }]) => [
        name,
        new ApiManagementBackend(this, `Endpoint-${name}`, {
          name,
          apiManagementName: service.resource.name,
          resourceGroupName: gateway.resourceGroup.name,
          protocol: 'http',
          url: endpoint.url,
          tls: { validateCertificateChain: true, validateCertificateName: true },
          circuitBreakerRule: {
            name: 'failures',
            tripDuration: TRIP,
            acceptRetryAfterEnabled: true,
            failureCondition: { ...breaker, statusCodeRange: FAILURES },
          },
        }),
      ]),
    );
    const rights = [...endpoints].flatMap(([name, { endpoint }]) => {
      const right = endpoint.grantInvoke?.(`${service.node.addr}-${name}`, principalId);
      return right ? [right] : [];
    });
    if (endpoints.size > 1) this.pool = this.addPool(gateway, service);
    this.name = this.pool ? POOL_NAME : [...endpoints.keys()][0]!;
    const safety = screening.account && this.addSafety(screening.account.endpoint, service);
    this.safetyName = safety && SAFETY_NAME;
    const mayJudge = screening.account?.grantInvoke(`${service.node.addr}-safety`, principalId);
    const made = [...Object.values(this.endpoints), this.pool, safety, mayJudge];
    this.ready = [...made, ...rights].filter((one) => one !== undefined);
  }

  private addPool({ endpoints }: SettledGateway, { resource }: GatewayService): AzapiResource {
    const services = [...endpoints].map(([name, { priority, weight }]) => ({
      id: this.endpoints[name]!.id,
      priority,
      weight,
    }));
    const description = 'Endpoints that stand in for one another';
    const body: PoolBody = { properties: { type: 'Pool', description, pool: { services } } };
    return new AzapiResource(this, 'Pool', {
      type: GATEWAY_TYPES.backend,
      name: POOL_NAME,
      parentId: resource.id,
      body,
    });
  }

  /**
   * The service signs its requests to Content Safety by its identity. Microsoft's samples set it so, and no published schema says anything of it:
   * only there is the check of the body off. They use the identity of the service itself; that one of ours counts, too, nobody has shown here.
   *
   * @see https://github.com/Azure-Samples/AI-Gateway/blob/main/labs/content-safety/main.bicep
   */
  private addSafety(url: string, { resource, identity }: GatewayService): AzapiResource {
    const managedIdentity = { clientId: identity.clientId, resource: 'https://cognitiveservices.azure.com' };
    return new AzapiResource(this, 'Safety', {
      type: GATEWAY_TYPES.backend,
      name: SAFETY_NAME,
      parentId: resource.id,
      body: { properties: { protocol: 'http', url, credentials: { managedIdentity } } },
      schemaValidation: false,
    });
  }
}

const POOL_NAME = 'models-pool';
const SAFETY_NAME = 'content-safety';
