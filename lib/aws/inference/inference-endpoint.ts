import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { assertProps, validated, required } from '../../core/prop-schema';
import type { AwsMachine } from '../machine/machine';
import type { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { GRANTABLE } from '../props/prop-types';
import { recordWorkload } from '../report/recorded-workload';
import { checkTemplates } from '../template/template-checks';
import { byModel, type PerModel } from './per-model';
import { EndpointAlarms } from './endpoint-alarms';
import type { EndpointAutoscaling } from './endpoint-scaling';
import { type IInferenceEndpoint, InferenceEndpointBase, type MetricSubject } from './endpoint-base';
import * as build from './endpoint-builders';
import { checkedEndpoint } from './endpoint-checks';
import { endpointConfig } from './endpoint-config';
import { recordEndpointFindings } from './endpoint-findings';
import { sageMakerOffers } from './serving-host';
import { grantInvokeOn, endpointNetwork, EndpointRole } from './endpoint-role';
import type { EndpointKind } from './endpoint-kind';
import {
  arnOf,
  componentName,
  defaultEndpointName,
  type InferenceEndpointProps,
  isIsolated,
  kindOf,
} from './endpoint-options';
import { HostedModel, type InferenceComponent } from './inference-component';
import { ImportedEndpoint, type InferenceEndpointAttributes } from './imported-endpoint';
import { INFERENCE_ENDPOINT_PROPS } from '../prop-schemas';

/**
 * A SageMaker endpoint with its models, permissions, logs, alarms, updates and autoscaling.
 *
 * @example
 * ```ts
 * import {
 *   AwsMachine,
 *   DataBucket,
 *   DataPurpose,
 *   InferenceEndpoint,
 *   ModelArtifact,
 *   ServingContainer,
 *   ServingImage,
 * } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Inference');
 * const bucket = new DataBucket(stack, 'Models', { purpose: DataPurpose.MODELS });
 * const image = ServingImage.deepLearningContainer('vllm', '0.20.0-gpu-py312-cu130-ubuntu22.04-sagemaker');
 *
 * new InferenceEndpoint(stack, 'Chat', {
 *   machine: AwsMachine.G6E_XLARGE,
 *   inferenceAmi: 'al2023-ami-sagemaker-inference-gpu-4-1',
 *   models: {
 *     chat: {
 *       container: ServingContainer.vllm({ image }),
 *       artifact: ModelArtifact.files({ bucket, prefix: 'chat/v3/', version: 'v3', sizeGB: 16.1 }),
 *     },
 *   },
 * });
 * ```
 */
export class InferenceEndpoint extends InferenceEndpointBase {
  /**
   * Imports an endpoint of the account and region of the stack by its name. To monitor it, or to invoke its inference components, use
   * `fromInferenceEndpointAttributes`.
   */
  static fromEndpointName(scope: Construct, id: string, endpointName: string): IInferenceEndpoint {
    return new ImportedEndpoint(scope, id, { endpointName });
  }

  /** Imports an endpoint of the account and region of the stack. */
  static fromInferenceEndpointAttributes(
    scope: Construct,
    id: string,
    attributes: InferenceEndpointAttributes,
  ): IInferenceEndpoint {
    return new ImportedEndpoint(scope, id, attributes);
  }

  /** Kind of the endpoint. */
  public readonly kind: EndpointKind;
  /** Machine type of the instances. @default - a serverless endpoint has no machine */
  public readonly machine?: AwsMachine;
  /** Name of the endpoint. */
  public readonly endpointName: string;
  /** ARN of the endpoint. */
  public readonly endpointArn: string;
  /** Whether the endpoint writes its answers to a bucket. */
  public readonly isAsynchronous: boolean;
  /** Execution role of SageMaker. */
  public readonly role: IRole;
  /** Permissions of the role. Grant more to its `policy`. */
  public readonly access: EndpointRole;
  /** Encrypted log groups of the containers, by model. Logs are kept for a year. */
  public readonly logs: PerModel<EncryptedLogGroup>;
  /** SageMaker models by name. */
  public readonly models: PerModel<HostedModel>;
  /** Inference components by model. Empty for kinds without components. */
  public readonly components: PerModel<InferenceComponent>;
  /** The endpoint configuration. */
  public readonly config: CfnEndpointConfig;
  /** The endpoint. */
  public readonly resource: CfnEndpoint;
  /** Alarms by model. They roll back a bad update. */
  public readonly alarms: PerModel<EndpointAlarms>;
  /** Autoscaling by model. Empty if minReplicas equals maxReplicas and there is no schedule. */
  public readonly scaling: PerModel<EndpointAutoscaling>;
  /** KMS key of the volumes. @default - the machine encrypts its disks in hardware, or the endpoint is serverless */
  public readonly volumeKey?: IKey;
  /** SNS topic for answers and failures. @default - the endpoint is not asynchronous */
  public readonly notifications?: ITopic;
  /** Security group of the containers. It allows no ingress. @default - there is no VPC */
  public readonly securityGroup?: ISecurityGroup;
  /** Replicas, latency and cost that the load needs. @default - there is no load */
  public readonly plan?: ServingPlan;
  /** Target concurrency of autoscaling by model: concurrent or waiting requests per copy or instance. */
  public readonly targets: PerModel<number>;
  /** @internal */
  protected readonly subjects: PerModel<MetricSubject>;

  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    const resolved = validated(this, props, INFERENCE_ENDPOINT_PROPS, (problems) =>
      checkedEndpoint(problems, props, this),
    );
    this.kind = kindOf(props);
    this.isAsynchronous = this.kind.isAsynchronous;
    this.machine = props.machine;
    this.endpointName = props.endpointName ?? defaultEndpointName(this);
    this.endpointArn = arnOf(this, 'endpoint', this.endpointName);
    this.subjects = byModel(resolved.models, ({ name }) => this.subjectOf(name));
    const context = { props, resolved, endpointName: this.endpointName };

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
      resolved.models,
      (one) => new HostedModel(this, `Model-${one.name}`, { resolved: one, ...hosting }),
    );
    this.alarms = byModel(resolved.models, ({ name }, index) => {
      const load = index === 0 ? props.load : undefined;
      return new EndpointAlarms(this, `Alarms-${name}`, {
        subject: this.subjects[name]!,
        load,
        topic: props.alertTopic,
      });
    });

    this.config = new CfnEndpointConfig(
      this,
      'Config',
      endpointConfig({
        props,
        resolved,
        network,
        roleArn: this.role.roleArn,
        volumeKey: this.volumeKey,
        topic: this.notifications,
        modelNameOf: (name) => this.models[name]!.resource.attrModelName,
      }),
    );
    this.resource = build.createEndpoint(this, context, this.config.attrEndpointConfigName, this.alarms);
    this.components = build.createComponents(this, context, this.models, this.alarms);
    this.targets = byModel(resolved.models, ({ limits }) => limits.target);
    this.scaling = build.createScaling(this, context, this.subjects);
    build.orderParts(this);

    recordEndpointFindings(this, props, resolved);
    this.plan = resolved.plan;
    if (resolved.plan) {
      const { load: workload, prices } = props;
      recordWorkload(this, { plan: resolved.plan, workload, prices, offers: () => sageMakerOffers(prices) });
    }
    checkTemplates(this);
  }

  /**
   * Allows a principal to invoke the endpoint. For an asynchronous endpoint, the principal can also put requests into the input bucket and
   * read answers and failures.
   */
  grantInvoke(grantee: IGrantable): Grant {
    assertProps({ grantee }, { grantee: required(GRANTABLE) }, { scope: this });
    const components = Object.values(this.components).map((each) => each.componentName);
    return grantInvokeOn(this, grantee, { kind: this.kind, endpointName: this.endpointName, components });
  }

  private subjectOf(model: string): MetricSubject {
    const { kind, endpointName } = this;
    const name = kind.name === 'components' ? componentName(endpointName, model) : model;
    return { kind: kind.name, endpointName, name };
  }
}
