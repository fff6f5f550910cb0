import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IAlertGroup } from '../operations/alert-group';
import { MonitorMetricAlert } from '../provider/azurerm';
import type { IInferenceGateway } from './gateway-options';

/** Properties for `GatewayAlarms`. */
export interface GatewayAlarmsProps {
  /** The gateway to watch. */
  readonly gateway: IInferenceGateway;
  /** Action group that receives the alerts. */
  readonly alerts: IAlertGroup;
}

// All thresholds are choices of this library.
const MAX_ERRORS = 10;
const MAX_THROTTLED = 100;
const SHARE_OF_TIMEOUT = 0.8;

/** A window of 5 minutes, evaluated every minute, for errors that need a fast reaction. */
const FAST = { windowSize: 'PT5M', frequency: 'PT1M' };
/** A window of 15 minutes, for effects of callers, which can end by themselves. */
const SLOW = { windowSize: 'PT15M', frequency: 'PT5M' };

interface AlarmRule {
  readonly metricName: string;
  readonly aggregation: string;
  readonly threshold: number;
  readonly windowSize: string;
  readonly frequency: string;
  readonly dimension?: { readonly name: string; readonly value: string };
}

/**
 * Metric alerts of a gateway: errors, throttled requests and latency.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/reference/supported-metrics/microsoft-apimanagement-service-metrics
 *
 * @example
 * ```ts
 * import { AlertGroup, GatewayAlarms, InferenceGateway, ResourceGroup } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * declare const gateway: InferenceGateway;
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * new GatewayAlarms(stack, 'Alarms', {
 *   gateway,
 *   alerts: new AlertGroup(stack, 'Alerts', { resourceGroup, alertEmails: ['ml-platform@example.com'] }),
 * });
 * ```
 */
export class GatewayAlarms extends Construct {
  /** More than 10 responses with a 5xx status in 5 minutes: the gateway, the screening, or all endpoints fail. */
  public readonly errors: MonitorMetricAlert;
  /** More than 100 responses with status 429 in 15 minutes: the limits or the endpoints are too small for the traffic. */
  public readonly throttled: MonitorMetricAlert;
  /** Average duration above 80 percent of the timeout of the gateway. */
  public readonly latency: MonitorMetricAlert;

  private readonly gateway: IInferenceGateway;
  private readonly alerts: IAlertGroup;

  constructor(scope: Construct, id: string, { gateway, alerts }: GatewayAlarmsProps) {
    super(scope, id);
    checkProviders(this);
    this.gateway = gateway;
    this.alerts = alerts;
    const requests = { metricName: 'Requests', aggregation: 'Total' };
    this.errors = this.alarm('Errors', `fails more than ${MAX_ERRORS} requests in five minutes`, {
      ...requests,
      ...FAST,
      threshold: MAX_ERRORS,
      dimension: { name: 'GatewayResponseCodeCategory', value: '5xx' },
    });
    this.throttled = this.alarm('Throttled', `throttles more than ${MAX_THROTTLED} requests in fifteen minutes`, {
      ...requests,
      ...SLOW,
      threshold: MAX_THROTTLED,
      dimension: { name: 'GatewayResponseCode', value: '429' },
    });
    const threshold = SHARE_OF_TIMEOUT * gateway.timeoutSeconds * 1000;
    this.latency = this.alarm('Latency', `takes longer than ${threshold} ms`, {
      ...FAST,
      metricName: 'Duration',
      aggregation: 'Average',
      threshold,
    });
  }

  private alarm(id: string, event: string, { dimension, windowSize, frequency, ...criteria }: AlarmRule) {
    return new MonitorMetricAlert(this, id, {
      name: `${physicalName(this)}-${id.toLowerCase()}`,
      resourceGroupName: this.gateway.resourceGroup.name,
      description: `The gateway ${this.gateway.node.path} ${event}`,
      scopes: [this.gateway.serviceId],
      severity: 2,
      windowSize,
      frequency,
      criteria: [
        {
          metricNamespace: 'Microsoft.ApiManagement/service',
          operator: 'GreaterThan',
          ...criteria,
          dimension: dimension && [{ name: dimension.name, operator: 'Include', values: [dimension.value] }],
        },
      ],
      action: [{ actionGroupId: this.alerts.id }],
    });
  }
}
