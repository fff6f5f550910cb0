import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { demand, judged, NUMBER, required, TEXT } from '../../core/shapes';
import type { AwsMachine } from '../machine/machine';
import type { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { GRANTEE } from '../props/shapes';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { byModel, type ByModel, ofModel } from './by-model';
import { EndpointAlarms } from './endpoint-alarms';
import type { EndpointAutoscaling } from './endpoint-autoscaling';
import * as build from './endpoint-builders';
import { checkedEndpoint } from './checked-endpoint';
import { endpointConfig } from './endpoint-config';
import { recordEndpointFindings } from './endpoint-findings';
import { grantInvokeOn } from './endpoint-grants';
import type { EndpointKind } from './endpoint-kind';
import {
  backlogMetric,
  concurrencyMetric,
  errorShare,
  type MetricSubject,
  modelMetric,
  useMetric,
} from './endpoint-metrics';
import { arnOf, componentName, defaultEndpointName } from './endpoint-names';
import { endpointNetwork } from './endpoint-network';
import { INFERENCE_ENDPOINT, type InferenceEndpointProps, isIsolated, kindOf } from './endpoint-options';
import { EndpointRole } from './endpoint-role';
import { HostedModel } from './hosted-model';
import type { InferenceComponent } from './inference-component';

/**
 * Models on SageMaker that answer at once, from shared or own instances, later from a bucket, or without machines: with the rights, logs,
 * timeouts, alarms, updates and scaling that belong to them.
 */
export class InferenceEndpoint extends Construct {
  public readonly kind: EndpointKind;
  /** @default - a serverless endpoint has none */
  public readonly machine?: AwsMachine;
  public readonly endpointName: string;
  public readonly endpointArn: string;
  /** What SageMaker acts as. */
  public readonly role: IRole;
  /** Rights of the role; grant more to its `policy`. */
  public readonly access: EndpointRole;
  /** Logs of the containers, encrypted and kept a year. */
  public readonly logs: ByModel<EncryptedLogGroup>;
  public readonly models: ByModel<HostedModel>;
  /** Copies of each model. @default - the kind has no components */
  public readonly components: ByModel<InferenceComponent>;
  public readonly config: CfnEndpointConfig;
  public readonly resource: CfnEndpoint;
  /** Alarms of each model, which roll an update back. */
  public readonly alarms: ByModel<EndpointAlarms>;
  /** Scaling of each model. @default - none where the fewest are the most */
  public readonly scaling: ByModel<EndpointAutoscaling>;
  /** Key of the volumes. @default - the machine encrypts its disks in hardware, or there is none */
  public readonly volumeKey?: IKey;
  /** Who is told of answers and failures. @default - the endpoint is not asynchronous */
  public readonly notifications?: ITopic;
  /** Lets nothing in. @default - there is no VPC */
  public readonly securityGroup?: ISecurityGroup;
  /** What the load takes, how fast it is answered, and what it costs. @default - no load was given */
  public readonly plan?: ServingPlan;
  /** Requests at once, or waiting, that scaling aims at for each copy or instance of a model. */
  public readonly targets: ByModel<number>;
  private readonly subjects: ByModel<MetricSubject>;

  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    const settled = judged(this, props, INFERENCE_ENDPOINT, (problems) => checkedEndpoint(problems, props, this));
    this.kind = kindOf(props);
    this.machine = props.machine;
    this.endpointName = props.endpointName ?? defaultEndpointName(this);
    this.endpointArn = arnOf(this, 'endpoint', this.endpointName);
    this.subjects = byModel(settled.models, ({ name }) => this.subjectOf(name));
    const context = { props, settled, endpointName: this.endpointName };

    this.logs = build.createLogs(this, context);
    this.access = new EndpointRole(this, 'Access', {
      role: props.role,
      logGroups: build.logGroupNames(context),
      endpoint: props,
    });
    this.role = this.access.role;
    const network = props.vpc && endpointNetwork(this, props.vpc, props.subnets);
    this.securityGroup = network?.securityGroup;
    this.volumeKey = build.provideVolumeKey(this, context, this.access);
    this.notifications = build.provideTopic(this, context, this.access);
    const hosting = { access: this.access, isolated: isIsolated(props), network };
    this.models = byModel(
      settled.models,
      (one) => new HostedModel(this, `Model-${one.name}`, { settled: one, ...hosting }),
    );
    this.alarms = byModel(settled.models, ({ name }, index) => {
      const load = index === 0 ? props.load : undefined;
      return new EndpointAlarms(this, `Alarms-${name}`, {
        subject: this.subjects[name]!,
        load,
        topic: props.alarmTopic,
      });
    });

    this.config = new CfnEndpointConfig(
      this,
      'Config',
      endpointConfig({
        props,
        settled,
        network,
        roleArn: this.role.roleArn,
        volumeKey: this.volumeKey,
        topic: this.notifications,
        modelNameOf: (name) => this.models[name]!.resource.attrModelName,
      }),
    );
    this.resource = build.createEndpoint(this, context, this.config.attrEndpointConfigName, this.alarms);
    this.components = build.createComponents(this, context, this.models, this.alarms);
    this.targets = byModel(settled.models, ({ limits }) => limits.target);
    this.scaling = build.createScaling(this, context, this.subjects);
    build.orderParts(this);

    recordEndpointFindings(this, props, settled);
    this.plan = settled.plan;
    if (settled.plan) recordWorkload(this, { plan: settled.plan, workload: props.load, prices: props.prices });
    checkTemplates(this);
  }

  /** Lets someone invoke it; of an asynchronous endpoint, also put requests and read answers. */
  grantInvoke(grantee: IGrantable): Grant {
    demand({ grantee }, { grantee: required(GRANTEE) }, { scope: this });
    const components = Object.values(this.components).map((each) => each.componentName);
    return grantInvokeOn(this, grantee, { kind: this.kind, endpointName: this.endpointName, components });
  }

  /** Requests of a minute. @param model the first one, unless it is named */
  metricInvocations(model?: string): IMetric {
    return modelMetric(this.subject(model), 'Invocations');
  }

  /** Failed requests, in percent. */
  metricErrorShare(model?: string): IMetric {
    return errorShare(this.subject(model));
  }

  /** Microseconds that containers take for a whole answer. @param percentile e.g. 99 */
  metricLatency(percentile = 99, model?: string): IMetric {
    demand({ percentile }, { percentile: NUMBER }, { scope: this });
    return modelMetric(this.subject(model), 'ModelLatency', { statistic: `p${percentile}` });
  }

  /** Requests at once, of each copy or instance. */
  metricConcurrency(model?: string): IMetric {
    return concurrencyMetric(this.subject(model));
  }

  /** Requests that wait for each instance of an asynchronous endpoint. */
  metricBacklog(): IMetric {
    return backlogMetric(this, 'ApproximateBacklogSizePerInstance');
  }

  /** What accelerators compute, in percent. */
  metricAcceleratorUse(model?: string): IMetric {
    return useMetric(this.subject(model), 'GPUUtilization');
  }

  /** What of the accelerators' memory is taken, in percent. */
  metricAcceleratorMemory(model?: string): IMetric {
    return useMetric(this.subject(model), 'GPUMemoryUtilization');
  }

  private subject(model?: string): MetricSubject {
    demand({ model }, { model: TEXT }, { scope: this });
    return ofModel(this, this.subjects, model);
  }

  private subjectOf(model: string): MetricSubject {
    const { kind, endpointName } = this;
    const name = kind.name === 'components' ? componentName(endpointName, model) : model;
    return { kind: kind.name, endpointName, name };
  }
}
