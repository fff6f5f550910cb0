import { Duration } from 'aws-cdk-lib';
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
import { demand, having, required, type Shape } from '../../core/shapes';
import { GatewayAlarms } from '../gateway/gateway-alarms';
import type { InferenceGateway } from '../gateway/inference-gateway';
import { TOPIC } from '../props/shapes';
import { DEFAULT_TARGET } from './endpoint-scaling';
import type { InferenceEndpoint } from './inference-endpoint';

/** Properties for `InferenceObservability`. */
export interface InferenceObservabilityProps {
  readonly endpoint: InferenceEndpoint;
  /** The gateway before it, with alarms of its own. @default - there is none */
  readonly gateway?: InferenceGateway;
  /** Where alarms speak. @default - they only change colour */
  readonly topic?: ITopic;
}

const OBSERVABILITY: Shape<InferenceObservabilityProps> = {
  endpoint: required(
    having('an InferenceEndpoint', ['endpointName', 'kind', 'metricConcurrency'], 'Pass the endpoint itself.'),
  ),
  gateway: having('an InferenceGateway', ['api', 'function', 'metricThrottledShare'], 'Pass the gateway itself.'),
  topic: TOPIC,
};

/** Times what scaling aims at: further copies should have come long before. Our choice. */
const SATURATED = 2;
const SATURATED_MINUTES = 15;

/**
 * What an endpoint shows: requests, failures, time, load and accelerators of each model on one dashboard, and an alarm where requests
 * outgrow what scaling may add. Alarms on failures and on latency are the endpoint's own, since its updates watch them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class InferenceObservability extends Construct {
  public readonly dashboard: Dashboard;
  /** More requests than the most copies carry. @default - none for a serverless endpoint, which throttles instead */
  public readonly saturation: Readonly<Record<string, Alarm>>;
  /** What callers of the gateway suffer. @default - there is no gateway */
  public readonly gatewayAlarms?: GatewayAlarms;

  constructor(scope: Construct, id: string, props: InferenceObservabilityProps) {
    super(scope, id);
    demand(props, OBSERVABILITY, { scope: this });
    const { endpoint, gateway, topic } = props;
    const names = Object.keys(endpoint.models);
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    for (const name of names) this.dashboard.addWidgets(...widgetsOf(endpoint, name));
    if (gateway) {
      this.dashboard.addWidgets(...widgetsOfGateway(gateway));
      // The gateway waits for one model; that of a load is the first, and only its latency is promised.
      const promisedMs = endpoint.alarms[names[0]!]?.promisedMs;
      this.gatewayAlarms = new GatewayAlarms(this, 'Gateway', { gateway, promisedMs, topic });
    }
    const watched = endpoint.kind.scales ? names : [];
    this.saturation = Object.fromEntries(watched.map((name) => [name, this.saturationOf(endpoint, name)]));
    if (topic) for (const alarm of Object.values(this.saturation)) alarm.addAlarmAction(new SnsAction(topic));
  }

  private saturationOf(endpoint: InferenceEndpoint, model: string): Alarm {
    const target = endpoint.targets[model] ?? DEFAULT_TARGET;
    return new Alarm(this, `Saturation-${model}`, {
      alarmDescription: `${model} has more requests than the most copies or instances carry`,
      metric: loadOf(endpoint, model),
      threshold: SATURATED * target,
      evaluationPeriods: SATURATED_MINUTES,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Without requests nothing is published, and that is no trouble.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function loadOf(endpoint: InferenceEndpoint, model: string): IMetric {
  return endpoint.kind.name === 'asynchronous' ? endpoint.metricBacklog() : endpoint.metricConcurrency(model);
}

function widgetsOf(endpoint: InferenceEndpoint, model: string): GraphWidget[] {
  const { kind, machine } = endpoint;
  // SageMaker publishes what GPUs do, and nothing of NeuronCores.
  const onGpus = machine !== undefined && !machine.isNeuron;
  return [
    graph(`${model}: requests a minute`, [endpoint.metricInvocations(model)]),
    graph(`${model}: failed, %`, [endpoint.metricErrorShare(model)]),
    graph(`${model}: whole answers, µs`, [endpoint.metricLatency(50, model), endpoint.metricLatency(99, model)]),
    ...(kind.scales ? [graph(`${model}: requests at once or waiting, each`, [loadOf(endpoint, model)])] : []),
    ...(onGpus
      ? [
          graph(`${model}: accelerators, %`, [
            endpoint.metricAcceleratorUse(model),
            endpoint.metricAcceleratorMemory(model),
          ]),
        ]
      : []),
  ];
}

function widgetsOfGateway(gateway: InferenceGateway): GraphWidget[] {
  const { handler } = gateway.function;
  return [
    graph('Gateway: requests a minute', [gateway.metricRequests()]),
    graph('Gateway: failed, refused and throttled, %', [
      gateway.metricErrorShare(),
      gateway.metricRefusedShare(),
      gateway.metricThrottledShare(),
    ]),
    graph('Gateway: answers, ms', [gateway.metricLatency(50), gateway.metricLatency(99)]),
    graph('Gateway: function, failed and throttled', [handler.metricErrors(), handler.metricThrottles()]),
  ];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
