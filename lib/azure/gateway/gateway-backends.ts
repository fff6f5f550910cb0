import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { checkProviders } from '../../terraform/provider-checks';
import { AzapiResource } from '../provider/azapi';
import { ApiManagementBackend } from '../provider/azurerm';
import type { ResolvedGateway } from './gateway-options';
import type { GatewayService } from './gateway-service';

/** API types that azurerm does not fully support, in the newest stable version that azapi 2.12.0 supports. */
export const GATEWAY_TYPES = {
  backend: 'Microsoft.ApiManagement/service/backends@2024-05-01',
  diagnostic: 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01',
} as const;

/** The API body of a pool of backends. */
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
 * Circuit breakers. One of several endpoints trips at the first failure, because another one can answer. A single endpoint trips only after
 * repeated failures. It returns after its `Retry-After`, or after ten seconds. All values are choices of this library.
 */
const BREAKERS = {
  single: { count: 10, intervalDuration: 'PT1M' },
  several: { count: 1, intervalDuration: 'PT10S' },
} as const;
const TRIP = 'PT10S';

/** Status codes that count as failures: throttling and server errors. */
const FAILURES = [
  { min: 429, max: 429 },
  { min: 500, max: 599 },
];

/** Backends of API Management: one for each endpoint, with a circuit breaker, and a pool if there are several. */
export class GatewayBackends extends Construct {
  /** Name of the backend that gets the requests. */
  public readonly name: string;
  /** Backends by the name of their endpoint. */
  public readonly endpoints: Readonly<Record<string, ApiManagementBackend>>;
  /** Pool over the endpoints. @default - one endpoint needs no pool */
  public readonly pool?: AzapiResource;
  /** Name of the backend of Content Safety. @default - no screening in the gateway */
  public readonly safetyName?: string;
  /** Resources that a policy must depend on: backends, which policies refer to by name, and role assignments. */
  public readonly ready: ITerraformDependable[];

  /** @internal */
  constructor(scope: Construct, id: string, gateway: ResolvedGateway, service: GatewayService) {
    super(scope, id);
    checkProviders(this);
    const { endpoints, screening } = gateway;
    const { principalId } = service.identity;
    const breaker = endpoints.size > 1 ? BREAKERS.several : BREAKERS.single;
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
    const grants = [...endpoints].flatMap(([name, { endpoint }]) => {
      const grant = endpoint.grantInvoke?.(`${service.node.addr}-${name}`, principalId);
      return grant ? [grant] : [];
    });
    if (endpoints.size > 1) this.pool = this.addPool(gateway, service);
    this.name = this.pool ? POOL_NAME : [...endpoints.keys()][0]!;
    const safety = screening.account && this.addSafety(screening.account.endpoint, service);
    this.safetyName = safety && SAFETY_NAME;
    const safetyGrant = screening.account?.grantInvoke(`${service.node.addr}-safety`, principalId);
    const backends = [...Object.values(this.endpoints), this.pool, safety, safetyGrant];
    this.ready = [...backends, ...grants].filter((one) => one !== undefined);
  }

  private addPool({ endpoints }: ResolvedGateway, { resource }: GatewayService): AzapiResource {
    const services = [...endpoints].map(([name, { priority, weight }]) => ({
      id: this.endpoints[name]!.id,
      priority,
      weight,
    }));
    const description = 'Endpoints that replace each other on failure';
    const body: PoolBody = { properties: { type: 'Pool', description, pool: { services } } };
    return new AzapiResource(this, 'Pool', {
      type: GATEWAY_TYPES.backend,
      name: POOL_NAME,
      parentId: resource.id,
      body,
    });
  }

  /**
   * The service authenticates to Content Safety with its identity. The samples of Microsoft have this configuration, but no published schema
   * includes it, so the schema check is off for this resource. The samples use the system-assigned identity; a user-assigned one is not tested
   * here.
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
