import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { KubernetesManifest, PodIdentity } from '../../kubernetes';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { LONGEST_ROLE_NAME } from '../operations/ram';
import { RamRole } from '../provider/alicloud';
import { grantBucket } from '../storage/bucket-grants';
import type { IDataBucket } from '../storage/data-bucket';

/** Properties for `JobIdentity`. */
export interface JobIdentityProps {
  /** ARN of the OIDC identity provider of the cluster. */
  readonly oidcProviderArn: string;
  /** Issuer URL of the tokens of the cluster. */
  readonly oidcIssuerUrl: string;
  /** Namespace of the jobs. */
  readonly namespace: string;
  /** Bucket that jobs can read. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket that jobs can read and write. @default - none */
  readonly checkpoints?: IDataBucket;
}

/** Name of the service account of jobs. */
const SERVICE_ACCOUNT = 'training-jobs';
const AUDIENCE = 'sts.aliyuncs.com';

/** Label of a namespace whose pods get the credentials of their role. @see https://www.alibabacloud.com/help/en/container-service-for-kubernetes/latest/ack-pod-identity-webhook */
export const IDENTITY_NAMESPACE_LABELS = { 'pod-identity.alibabacloud.com/injection': 'on' };
/** The add-on that gives the credentials of a role to pods, and its settings. */
export const IDENTITY_ADD_ON = { name: 'ack-pod-identity-webhook', config: { AutoInjectSTSEnvVars: true } };

/**
 * The RAM role of jobs, through RRSA without keys. It can read datasets, and read and write checkpoints. Attach other policies to `roleName`.
 *
 * @see https://www.alibabacloud.com/help/doc-detail/356611.html
 */
export class JobIdentity extends Construct {
  /** The role in Terraform. */
  public readonly resource: RamRole;
  /** Name of the role. */
  public readonly roleName: string;
  /** Service account of pods that use the role. */
  public readonly pods: PodIdentity = { serviceAccount: SERVICE_ACCOUNT };
  /** Grants that must exist before jobs access data. */
  public readonly grants: readonly ITerraformDependable[];
  private readonly namespace: string;

  /** @internal */
  constructor(scope: Construct, id: string, props: JobIdentityProps) {
    super(scope, id);
    checkProviders(this);
    const { oidcProviderArn, oidcIssuerUrl, namespace, datasets, checkpoints } = props;
    this.namespace = namespace;
    this.roleName = physicalName(this, LONGEST_ROLE_NAME);
    this.resource = new RamRole(this, 'Resource', {
      roleName: this.roleName,
      description: `Jobs in the namespace ${namespace}`,
      assumeRolePolicyDocument: Fn.jsonencode({
        Version: '1',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Federated: [oidcProviderArn] },
            Condition: {
              StringEquals: {
                'oidc:aud': AUDIENCE,
                'oidc:iss': oidcIssuerUrl,
                'oidc:sub': `system:serviceaccount:${namespace}:${SERVICE_ACCOUNT}`,
              },
            },
          },
        ],
      }),
    });
    const { roleName } = this.resource;
    this.grants = [
      ...(datasets ? [grantBucket(this, 'Datasets', { bucket: datasets, roleName, write: false })] : []),
      ...(checkpoints ? [grantBucket(this, 'Checkpoints', { bucket: checkpoints, roleName, write: true })] : []),
    ];
  }

  /** Returns the Kubernetes service account of jobs. */
  serviceAccount(): KubernetesManifest {
    return {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: SERVICE_ACCOUNT,
        namespace: this.namespace,
        annotations: { 'pod-identity.alibabacloud.com/role-name': this.roleName },
      },
    };
  }
}
