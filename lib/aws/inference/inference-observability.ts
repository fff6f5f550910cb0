import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { assertProps } from '../../core/prop-schema';
import { GatewayAlarms } from '../gateway/gateway-alarms';
import type { InferenceGateway } from '../gateway/inference-gateway';
import { DEFAULT_TARGET } from './endpoint-scaling';
import type { PerModel } from './per-model';
import { maxResponseMs } from '../../core/planning/serving/serving-rate';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { IInferenceEndpoint } from './endpoint-base';
import type { InferenceEndpoint } from './inference-endpoint';
import { INFERENCE_OBSERVABILITY_PROPS } from '../prop-schemas';

/** Properties for `InferenceObservability`. */
export interface InferenceObservabilityProps {
  /** Endpoint to monitor. An imported endpoint needs the names of its inference components or variants. */
  readonly endpoint: IInferenceEndpoint;
  /** Gateway of the endpoint, which gets its own alarms. @default - no gateway */
  readonly gateway?: InferenceGateway;
  /** Load of the first model. Its latency targets set the latency alarm of the gateway. @default - the load of `endpoint` */
  readonly load?: ServingLoad;
  /**
   * SNS topic that receives alarm notifications. The alarms of an endpoint in the same stack also notify it, if they have no topic.
   *
   * @default - alarms only change state
   */
  readonly alertTopic?: ITopic;
}

/** Multiple of the scaling target that triggers the alarm. Scaling adds copies long before. Our choice. */
const SATURATION_FACTOR = 2;
const SATURATION_MINUTES = 15;

/**
 * Dashboard of an endpoint with requests, errors, latency, load and accelerators of each model, and an alarm if the load exceeds the range
 * of autoscaling. The endpoint itself has the alarms for errors and latency, because its updates watch them.
 *
 * @example
 * ```ts
 * import { AlertTopic, InferenceEndpoint, InferenceObservability } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Monitoring');
 * const endpoint = InferenceEndpoint.fromInferenceEndpointAttributes(stack, 'Endpoint', {
 *   endpointName: 'chat',
 *   variantNames: ['AllTraffic'],
 * });
 * new InferenceObservability(stack, 'Observability', { endpoint, alertTopic: new AlertTopic(stack, 'Alerts').topic });
 * ```
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class InferenceObservability extends Construct {
  /** The dashboard. */
  public readonly dashboard: Dashboard;
  /** Alarms by model for more requests than the maximum number of copies handles. Empty for serverless and imported endpoints. */
  public readonly saturation: PerModel<Alarm>;
  /** Alarms of the gateway. @default - there is no gateway */
  public readonly gatewayAlarms?: GatewayAlarms;

  constructor(scope: Construct, id: string, props: InferenceObservabilityProps) {
    super(scope, id);
    assertProps(props, INFERENCE_OBSERVABILITY_PROPS, { scope: this });
    const { endpoint, gateway, alertTopic: topic } = props;
    const names = endpoint.modelNames;
    // The machine and the scaling of an imported endpoint are unknown.
    const own = isOwn(endpoint) ? endpoint : undefined;
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    for (const name of names) this.dashboard.addWidgets(...widgetsOf(endpoint, name));
    if (gateway) {
      this.dashboard.addWidgets(...widgetsOfGateway(gateway));
      // Only the first model has a load, so only its latency has a target.
      const targetMs = props.load ? maxResponseMs(props.load) : own?.alarms[names[0]!]?.maxResponseMs;
      this.gatewayAlarms = new GatewayAlarms(this, 'Gateway', {
        gateway,
        maxResponseTime: targetMs === undefined ? undefined : Duration.millis(targetMs),
        alertTopic: topic,
      });
    }
    const watched = own?.kind.scales ? names : [];
    this.saturation = Object.fromEntries(watched.map((name) => [name, this.saturationOf(own!, name)]));
    if (topic)
      for (const alarm of [...Object.values(this.saturation), ...silentAlarms(this, own)])
        alarm.addAlarmAction(new SnsAction(topic));
  }

  private saturationOf(endpoint: InferenceEndpoint, model: string): Alarm {
    const target = endpoint.targets[model] ?? DEFAULT_TARGET;
    return new Alarm(this, `Saturation-${model}`, {
      alarmDescription: `${model} has more requests than its maximum number of copies or instances handles`,
      metric: loadOf(endpoint, model),
      threshold: SATURATION_FACTOR * target,
      evaluationPeriods: SATURATION_MINUTES,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // SageMaker publishes no metric without requests.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** The alarms of an endpoint without a topic. In another stack, an action would make the two stacks depend on each other. */
function silentAlarms(scope: Construct, endpoint: InferenceEndpoint | undefined): Alarm[] {
  if (!endpoint || Stack.of(endpoint) !== Stack.of(scope)) return [];
  return Object.values(endpoint.alarms).flatMap(({ notifies, all }) => (notifies ? [] : all));
}

/** Whether the app creates the endpoint. By members, because two copies of the package share no class. */
function isOwn(endpoint: IInferenceEndpoint): endpoint is InferenceEndpoint {
  return 'kind' in endpoint && 'targets' in endpoint;
}

function loadOf(endpoint: IInferenceEndpoint, model: string): IMetric {
  return endpoint.isAsynchronous ? endpoint.metricBacklog() : endpoint.metricConcurrency({ model });
}

function widgetsOf(endpoint: IInferenceEndpoint, model: string): GraphWidget[] {
  const own = isOwn(endpoint) ? endpoint : undefined;
  // SageMaker publishes the utilization of GPUs, but not of NeuronCores.
  const onGpus = own?.machine !== undefined && !own.machine.isNeuron;
  return [
    graph(`${model}: requests per minute`, [endpoint.metricInvocations({ model })]),
    graph(`${model}: failed, %`, [endpoint.metricErrorShare({ model })]),
    graph(`${model}: latency of complete responses, µs`, [
      endpoint.metricLatency({ model, percentile: 50 }),
      endpoint.metricLatency({ model, percentile: 99 }),
    ]),
    ...(!own || own.kind.scales
      ? [graph(`${model}: concurrent or waiting requests per replica`, [loadOf(endpoint, model)])]
      : []),
    ...(onGpus
      ? [
          graph(`${model}: GPUs, %`, [
            endpoint.metricAcceleratorUtilization({ model }),
            endpoint.metricAcceleratorMemoryUtilization({ model }),
          ]),
        ]
      : []),
  ];
}

function widgetsOfGateway(gateway: InferenceGateway): GraphWidget[] {
  const { handler } = gateway.function;
  return [
    graph('Gateway: requests per minute', [gateway.metricRequests()]),
    graph('Gateway: failed, rejected and throttled, %', [
      gateway.metricErrorShare(),
      gateway.metricRefusedShare(),
      gateway.metricThrottledShare(),
    ]),
    graph('Gateway: latency, ms', [
      gateway.metricLatency({ percentile: 50 }),
      gateway.metricLatency({ percentile: 99 }),
    ]),
    graph('Gateway: function errors and throttles', [handler.metricErrors(), handler.metricThrottles()]),
  ];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
