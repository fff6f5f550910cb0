import { Construct } from 'constructs';
import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { validated } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { recordWorkload } from '../../terraform/recorded-workload';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import {
  CloudRunV2Service,
  CloudRunV2ServiceIamMember,
  ServiceAccount,
  StorageBucketIamMember,
} from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { resolveService } from './cloud-run-checks';
import { recordServiceFindings } from './cloud-run-findings';
import type { CloudRunGpu } from './cloud-run-gpu';
import { type CloudRunInferenceProps, CloudRunIngress } from './cloud-run-props';
import { serviceTemplate } from './cloud-run-service';
import { cloudRunMetrics, type EndpointMetrics } from './endpoint-metrics';
import { assertInvoker } from './invokers';
import { ServiceAgent } from '../operations/current-project';
import { CLOUD_RUN_INFERENCE_PROPS } from '../prop-schemas';

/**
 * A model on Cloud Run, with one GPU for each instance.
 *
 * A service can scale to zero. Each start reads the weights again, from a bucket or from the image.
 *
 * @see https://cloud.google.com/run/docs/configuring/services/gpu
 * @example
 * ```ts
 * import { CloudRunGpu, CloudRunInference, CloudRunModel } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * const service = new CloudRunInference(stack, 'Chat', {
 *   region: 'europe-west4',
 *   gpu: CloudRunGpu.L4,
 *   model: CloudRunModel.bucket({ name: 'my-models' }, { prefix: 'gemma-3-4b/v2/', sizeGiB: 8 }),
 * });
 * service.grantInvoke('App', 'serviceAccount:app@my-project.iam.gserviceaccount.com');
 * ```
 */
export class CloudRunInference extends Construct {
  /** The Cloud Run service. */
  public readonly resource: CloudRunV2Service;
  /** Name of the service. */
  public readonly name: string;
  /** Region of the service. */
  public readonly region: string;
  /** GPU of each instance. */
  public readonly gpu: CloudRunGpu;
  /** Minimum and maximum number of instances. */
  public readonly limits: ReplicaLimits;
  /** Concurrent requests for each instance. */
  public readonly concurrency: number;
  /** Email of the service account that the service runs as. */
  public readonly serviceAccount: string;
  /** Key that encrypts the image. */
  public readonly encryptionKey: IEncryptionKey;
  /** Replicas, memory, latency and cost for the load. @default - no load */
  public readonly plan?: ServingPlan;

  constructor(scope: Construct, id: string, props: CloudRunInferenceProps) {
    super(scope, id);
    const resolved = validated(this, props, CLOUD_RUN_INFERENCE_PROPS, (problems) => resolveService(problems, props));
    const { region, gpu, load, prices, ingress = CloudRunIngress.INTERNAL } = props;
    this.region = region;
    this.gpu = gpu;
    this.limits = resolved.limits;
    this.concurrency = resolved.concurrency;
    this.plan = resolved.planned?.plan;
    this.name = props.name ?? physicalName(this, CLOUD_RUN.maxNameLength);
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { region });
    this.serviceAccount = props.serviceAccount ?? this.createAccount();
    const { name, serviceAccount, encryptionKey } = this;
    this.resource = new CloudRunV2Service(this, 'Resource', {
      name,
      location: region,
      ingress,
      deletionProtection: props.deletionProtection ?? true,
      template: serviceTemplate({ props, resolved, name, serviceAccount, encryptionKey: encryptionKey.keyId }),
      dependsOn: existingDependencies(this, [
        ...encryptionKey.grantTo(ServiceAgent.CLOUD_RUN),
        ...this.grantModel(props),
      ]),
      // The first instance pulls an image of several GB and reads the weights.
      timeouts: { create: '60m', update: '60m', delete: '30m' },
      // The API also sets limits on the service itself, next to those of its revisions. Source: hashicorp/terraform-provider-google#25310.
      lifecycle: { ignoreChanges: ['scaling'] },
    });
    props.invokers?.forEach((member, index) => this.grantInvoke(`Invoker-${index}`, member));
    recordServiceFindings(this, props, resolved);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: load, prices });
  }

  /** URL of the service: `https://….run.app`. */
  get url(): string {
    return this.resource.uri;
  }

  /** Metrics of the service in Cloud Monitoring. */
  get metrics(): EndpointMetrics {
    return cloudRunMetrics(this.resource.name, this.region);
  }

  /** Allows an IAM member to send requests to this service. */
  grantInvoke(id: string, member: string): CloudRunV2ServiceIamMember {
    assertInvoker(this, id, member);
    const { region: location, resource } = this;
    return new CloudRunV2ServiceIamMember(this, id, {
      name: resource.name,
      location,
      role: 'roles/run.invoker',
      member,
    });
  }

  private createAccount(): string {
    return new ServiceAccount(this, 'Account', {
      accountId: physicalName(this, LONGEST_ACCOUNT),
      displayName: `Inference of ${this.node.path}`.slice(0, 100),
    }).email;
  }

  private grantModel({ model }: CloudRunInferenceProps): StorageBucketIamMember[] {
    if (!model.bucket) return [];
    const member = `serviceAccount:${this.serviceAccount}`;
    return [
      new StorageBucketIamMember(this, 'Model', {
        bucket: model.bucket.name,
        role: 'roles/storage.objectViewer',
        member,
      }),
    ];
  }
}

/** Maximum length of a service account ID. Source: documentation of the provider, google 6.50.0. */
const LONGEST_ACCOUNT = 30;
