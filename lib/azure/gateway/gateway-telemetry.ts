import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { type ILogWorkspace, LogWorkspace, sendLogs } from '../operations/log-workspace';
import { resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import { type ApiManagementApi, ApiManagementLogger } from '../provider/azurerm';
import { GATEWAY_TYPES } from './gateway-backends';
import type { SettledGateway } from './gateway-options';
import type { GatewayService } from './gateway-service';

/** What is known of the requests of a gateway: who, when, how long, how many tokens. No prompt and no answer. */
export class GatewayTelemetry extends Construct {
  public readonly logs: ILogWorkspace;
  public readonly insights: AzapiResource;
  private readonly logger: ApiManagementLogger;

  constructor(
    scope: Construct,
    id: string,
    { resourceGroup, logRetentionDays: retentionDays }: SettledGateway,
    { resource }: GatewayService,
  ) {
    super(scope, id);
    const { name: resourceGroupName, location } = resourceGroup;
    this.logs = new LogWorkspace(this, 'Logs', { resourceGroup, retentionDays });
    sendLogs(this, 'Diagnostics', this.logs, resource.id, ['GatewayLogs']);
    // Through azapi, and without a check of its body: without dimensions, tokens are counted for all callers together, and neither azurerm nor
    // the published schema has the option.
    this.insights = new AzapiResource(this, 'Insights', {
      type: 'Microsoft.Insights/components@2020-02-02',
      name: physicalName(this),
      parentId: resourceGroupId(this, resourceGroup),
      location,
      body: {
        kind: 'web',
        properties: {
          Application_Type: 'web',
          WorkspaceResourceId: this.logs.id,
          IngestionMode: 'LogAnalytics',
          DisableIpMasking: false,
          CustomMetricsOptedInType: 'WithDimensions',
        },
      },
      schemaValidation: false,
      responseExportValues: ['properties.ConnectionString'],
    });
    this.logger = new ApiManagementLogger(this, 'Logger', {
      name: 'insights',
      apiManagementName: resource.name,
      resourceGroupName,
      resourceId: this.insights.id,
      applicationInsights: { connectionString: this.insights.outputAt('properties.ConnectionString') },
    });
  }

  /**
   * Watches an API. `metrics` is what lets the policy emit tokens, and azurerm 4.55 cannot say it.
   *
   * @see https://learn.microsoft.com/en-us/azure/api-management/llm-emit-token-metric-policy#prerequisites
   */
  watch(id: string, api: ApiManagementApi, service: GatewayService): AzapiResource {
    const nothing = { request: { headers: [], body: { bytes: 0 } }, response: { headers: [], body: { bytes: 0 } } };
    return new AzapiResource(this, id, {
      type: GATEWAY_TYPES.diagnostic,
      name: 'applicationinsights',
      parentId: `${service.resource.id}/apis/${api.name}`,
      body: {
        properties: {
          loggerId: this.logger.id,
          metrics: true,
          alwaysLog: 'allErrors',
          httpCorrelationProtocol: 'W3C',
          verbosity: 'information',
          logClientIp: false,
          operationNameFormat: 'Name',
          sampling: { samplingType: 'fixed', percentage: 100 },
          // Logging a body would hold a stream back until it ends.
          frontend: nothing,
          backend: nothing,
        },
      },
      dependsOn: [api],
    });
  }
}
