import { Construct } from 'constructs';
import { CurrentSubscription } from '../operations/current-subscription';
import { standingBefore } from '../../terraform/standing-before';
import { ApiManagementApi, ApiManagementApiOperation, ApiManagementApiPolicy } from '../provider/azurerm';
import type { GatewayBackends } from './gateway-backends';
import type { SettledGateway } from './gateway-options';
import { gatewayPolicy } from './gateway-policies';
import type { GatewayService } from './gateway-service';
import type { GatewayTelemetry } from './gateway-telemetry';

/** What callers may ask for, of the OpenAI protocol. */
const OPERATIONS = {
  'chat-completions': '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  responses: '/responses',
} as const;

/** The path of the API, below which those of its operations lie. */
export const API_PATH = 'v1';

/** The API in front of the endpoints: what callers may ask for, and what happens to it. */
export class GatewayApi extends Construct {
  public readonly api: ApiManagementApi;
  public readonly policy: ApiManagementApiPolicy;

  constructor(
    scope: Construct,
    id: string,
    gateway: SettledGateway,
    parts: {
      readonly service: GatewayService;
      readonly backends: GatewayBackends;
      readonly telemetry: GatewayTelemetry;
    },
  ) {
    super(scope, id);
    const { service, backends, telemetry } = parts;
    const within = { apiManagementName: service.resource.name, resourceGroupName: gateway.resourceGroup.name };
    this.api = new ApiManagementApi(this, 'Resource', {
      ...within,
      name: 'inference',
      revision: '1',
      displayName: 'Inference',
      description: `Models at ${this.node.path}`,
      path: API_PATH,
      protocols: ['https'],
      // Callers are known by their tokens: a key would be one more secret.
      subscriptionRequired: false,
    });
    for (const [operationId, urlTemplate] of Object.entries(OPERATIONS)) {
      new ApiManagementApiOperation(this, `Operation-${operationId}`, {
        ...within,
        apiName: this.api.name,
        operationId,
        displayName: operationId,
        method: 'POST',
        urlTemplate,
      });
    }
    const diagnostic = telemetry.watch('Diagnostic', this.api, service);
    const names = {
      backend: backends.name,
      safety: backends.safetyName,
      clientId: service.identity.clientId,
      tenantId: gateway.authorization.options?.tenantId ?? CurrentSubscription.of(this).tenantId,
    };
    this.policy = new ApiManagementApiPolicy(this, 'Policy', {
      ...within,
      apiName: this.api.name,
      xmlContent: gatewayPolicy(gateway, names),
      dependsOn: standingBefore(this, [...backends.ready, diagnostic]),
    });
  }
}
