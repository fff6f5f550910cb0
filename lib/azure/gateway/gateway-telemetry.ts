import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { type ILogWorkspace, LogWorkspace, sendLogs } from '../operations/log-workspace';
import { resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import { type ApiManagementApi, ApiManagementLogger } from '../provider/azurerm';
import { GATEWAY_TYPES } from './gateway-backends';
import type { ResolvedGateway } from './gateway-options';
import type { GatewayService } from './gateway-service';

/** Logs and metrics of a gateway: caller, time, duration and tokens of each request. No prompts and no answers. */
export class GatewayTelemetry extends Construct {
  /** Workspace that receives the logs. */
  public readonly logs: ILogWorkspace;
  /** Application Insights component that receives the metrics. */
  public readonly insights: AzapiResource;
  private readonly logger: ApiManagementLogger;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    { resourceGroup, logRetentionDays }: ResolvedGateway,
    { resource }: GatewayService,
  ) {
    super(scope, id);
    checkProviders(this);
    const { name: resourceGroupName, location } = resourceGroup;
    this.logs = new LogWorkspace(this, 'Logs', { resourceGroup, logRetentionDays });
    sendLogs(this, 'Diagnostics', this.logs, resource.id, ['GatewayLogs']);
    // It uses azapi without a schema check: metrics with dimensions need an option that neither azurerm nor the published schema has. Without
    // dimensions, tokens are counted for all callers together.
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
   * @internal Collects logs and metrics of an API. The policy that emits token metrics needs `metrics`, which azurerm 4.55 does not support.
   *
   * @see https://learn.microsoft.com/en-us/azure/api-management/llm-emit-token-metric-policy#prerequisites
   */
  watch(id: string, api: ApiManagementApi, service: GatewayService): AzapiResource {
    const noBodies = { request: { headers: [], body: { bytes: 0 } }, response: { headers: [], body: { bytes: 0 } } };
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
          // Logging a body would buffer a streamed answer until its end.
          frontend: noBodies,
          backend: noBodies,
        },
      },
      dependsOn: [api],
    });
  }
}
