import { Construct } from 'constructs';
import { CurrentSubscription } from '../operations/current-subscription';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import { ApiManagementApi, ApiManagementApiOperation, ApiManagementApiPolicy } from '../provider/azurerm';
import type { GatewayBackends } from './gateway-backends';
import type { ResolvedGateway } from './gateway-options';
import { gatewayPolicy } from './gateway-policies';
import type { GatewayService } from './gateway-service';
import type { GatewayTelemetry } from './gateway-telemetry';

/** Operations of the OpenAI protocol that callers can use. */
const OPERATIONS = {
  'chat-completions': '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  responses: '/responses',
} as const;

/** Base path of the API. */
export const API_PATH = 'v1';

/** The API of a gateway: its operations and its policy. */
export class GatewayApi extends Construct {
  /** The API itself. */
  public readonly api: ApiManagementApi;
  /** The policy of the API. */
  public readonly policy: ApiManagementApiPolicy;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    gateway: ResolvedGateway,
    parts: {
      readonly service: GatewayService;
      readonly backends: GatewayBackends;
      readonly telemetry: GatewayTelemetry;
    },
  ) {
    super(scope, id);
    checkProviders(this);
    const { service, backends, telemetry } = parts;
    const inService = { apiManagementName: service.resource.name, resourceGroupName: gateway.resourceGroup.name };
    this.api = new ApiManagementApi(this, 'Resource', {
      ...inService,
      name: 'inference',
      revision: '1',
      displayName: 'Inference',
      description: `Models at ${this.node.path}`,
      path: API_PATH,
      protocols: ['https'],
      // Callers authenticate with tokens: a subscription key would be one more secret.
      subscriptionRequired: false,
    });
    for (const [operationId, urlTemplate] of Object.entries(OPERATIONS)) {
      new ApiManagementApiOperation(this, `Operation-${operationId}`, {
        ...inService,
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
      ...inService,
      apiName: this.api.name,
      xmlContent: gatewayPolicy(gateway, names),
      dependsOn: existingDependencies(this, [...backends.ready, diagnostic]),
    });
  }
}
