import { Construct } from 'constructs';
import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { judged } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { recordWorkload } from '../../terraform/recorded-workload';
import { EncryptionKey } from '../operations/encryption-key';
import {
  CloudRunV2Service,
  CloudRunV2ServiceIamMember,
  ServiceAccount,
  StorageBucketIamMember,
} from '../provider/google';
import { standingBefore } from '../../terraform/standing-before';
import { settleService } from './cloud-run-checks';
import { recordServiceFindings } from './cloud-run-findings';
import type { CloudRunGpu } from './cloud-run-gpu';
import { CLOUD_RUN_INFERENCE, type CloudRunInferenceProps, CloudRunIngress } from './cloud-run-props';
import { serviceTemplate } from './cloud-run-service';
import { cloudRunMetrics, type EndpointMetrics } from './endpoint-metrics';
import { demandInvoker } from './invokers';

/**
 * A model on Cloud Run with a GPU an instance: no machines to keep, down to none when nobody asks, each start read anew from a bucket or an image.
 *
 * @see https://cloud.google.com/run/docs/configuring/services/gpu
 */
export class CloudRunInference extends Construct {
  public readonly resource: CloudRunV2Service;
  public readonly name: string;
  public readonly region: string;
  public readonly gpu: CloudRunGpu;
  /** Fewest and most instances. */
  public readonly limits: ReplicaLimits;
  /** Requests that one instance takes at once. */
  public readonly concurrency: number;
  /** Email of the account that it runs as. */
  public readonly serviceAccount: string;
  public readonly encryptionKey: EncryptionKey;
  /** What the load takes, how fast it is answered, and what it costs. @default - no load was given */
  public readonly plan?: ServingPlan;

  constructor(scope: Construct, id: string, props: CloudRunInferenceProps) {
    super(scope, id);
    const settled = judged(this, props, CLOUD_RUN_INFERENCE, (problems) => settleService(problems, props));
    const { region, gpu, load, prices, ingress = CloudRunIngress.INTERNAL } = props;
    this.region = region;
    this.gpu = gpu;
    this.limits = settled.limits;
    this.concurrency = settled.concurrency;
    this.plan = settled.planned?.plan;
    this.name = props.name ?? physicalName(this, CLOUD_RUN.longestName);
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { location: region });
    this.serviceAccount = props.serviceAccount ?? this.createAccount();
    const { name, serviceAccount, encryptionKey } = this;
    this.resource = new CloudRunV2Service(this, 'Resource', {
      name,
      location: region,
      ingress,
      deletionProtection: props.deletionProtection ?? true,
      template: serviceTemplate({ props, settled, name, serviceAccount, encryptionKey: encryptionKey.keyId }),
      dependsOn: standingBefore(this, [encryptionKey.grantTo('run'), ...this.grantModel(props)]),
      // A first instance pulls an image of several GB and reads the weights.
      timeouts: { create: '60m', update: '60m', delete: '30m' },
      // The API fills in the limits of the whole service, beside those of its revisions. Source: hashicorp/terraform-provider-google#25310.
      lifecycle: { ignoreChanges: ['scaling'] },
    });
    props.invokers?.forEach((member, index) => this.grantInvoke(`Invoker-${index}`, member));
    recordServiceFindings(this, props, settled);
    if (this.plan) recordWorkload(this, { plan: this.plan, workload: load, prices });
  }

  /** Where requests go: `https://….run.app`. */
  get url(): string {
    return this.resource.uri;
  }

  /** What it tells Cloud Monitoring of itself. */
  get metrics(): EndpointMetrics {
    return cloudRunMetrics(this.resource.name, this.region);
  }

  /** Lets a member of IAM send requests to this service. */
  grantInvoke(id: string, member: string): CloudRunV2ServiceIamMember {
    demandInvoker(this, id, member);
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

/** Longest name of a service account. Source: documentation of the provider, google 6.50.0. */
const LONGEST_ACCOUNT = 30;
