import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { IAlertGroup } from '../operations/alert-group';
import { MonitorMetricAlert } from '../provider/azurerm';
import type { InferenceGateway } from './inference-gateway';

/** Properties for `GatewayAlarms`. */
export interface GatewayAlarmsProps {
  readonly gateway: InferenceGateway;
  /** Who is told. */
  readonly alerts: IAlertGroup;
}

// All of these are our choice.
const FEW_ERRORS = 10;
const FEW_THROTTLED = 100;
const SHARE_OF_TIMEOUT = 0.8;

/** Five minutes, looked at each minute: failures are told at once. */
const AT_ONCE = { windowSize: 'PT5M', frequency: 'PT1M' };
/** A quarter of an hour: what callers do may pass. */
const LASTING = { windowSize: 'PT15M', frequency: 'PT5M' };

interface Watched {
  readonly metricName: string;
  readonly aggregation: string;
  readonly threshold: number;
  readonly windowSize: string;
  readonly frequency: string;
  readonly dimension?: { readonly name: string; readonly value: string };
}

/**
 * What tells that callers fail, are told to come back later, or wait.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/reference/supported-metrics/microsoft-apimanagement-service-metrics
 */
export class GatewayAlarms extends Construct {
  /** Answers 5xx: the gateway, what judges, or every endpoint. */
  public readonly errors: MonitorMetricAlert;
  /** Answers 429: limits or endpoints are too small for those who come. */
  public readonly throttled: MonitorMetricAlert;
  /** How long callers wait, on average. */
  public readonly latency: MonitorMetricAlert;

  private readonly gateway: InferenceGateway;
  private readonly alerts: IAlertGroup;

  constructor(scope: Construct, id: string, { gateway, alerts }: GatewayAlarmsProps) {
    super(scope, id);
    this.gateway = gateway;
    this.alerts = alerts;
    const requests = { metricName: 'Requests', aggregation: 'Total' };
    this.errors = this.alarm('Errors', `fails more than ${FEW_ERRORS} requests in five minutes`, {
      ...requests,
      ...AT_ONCE,
      threshold: FEW_ERRORS,
      dimension: { name: 'GatewayResponseCodeCategory', value: '5xx' },
    });
    this.throttled = this.alarm('Throttled', `tells more than ${FEW_THROTTLED} requests to come back later`, {
      ...requests,
      ...LASTING,
      threshold: FEW_THROTTLED,
      dimension: { name: 'GatewayResponseCode', value: '429' },
    });
    const threshold = SHARE_OF_TIMEOUT * gateway.timeoutSeconds * 1000;
    this.latency = this.alarm('Latency', `takes longer than ${threshold} ms`, {
      ...AT_ONCE,
      metricName: 'Duration',
      aggregation: 'Average',
      threshold,
    });
  }

  private alarm(id: string, says: string, { dimension, windowSize, frequency, ...criteria }: Watched) {
    return new MonitorMetricAlert(this, id, {
      name: `${physicalName(this)}-${id.toLowerCase()}`,
      resourceGroupName: this.gateway.resourceGroup.name,
      description: `The gateway ${this.gateway.node.path} ${says}`,
      scopes: [this.gateway.service.resource.id],
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
