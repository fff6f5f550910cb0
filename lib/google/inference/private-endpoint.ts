import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import { VERTEX_INFERENCE } from '../../core/catalog/vertex-inference';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps, required, STRING } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import type { IMlNetwork } from '../network/network-attributes';
import { CurrentProject, ServiceAgent } from '../operations/current-project';
import { checkKeyRegion, EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { checkRegion } from '../props/location';
import { VertexAiEndpoint } from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import { checkDisplayName, LONGEST_DISPLAY_NAME } from './endpoint-findings';
import { PrivateConnection } from './private-connection';
import { ML_NETWORK, PRIVATE_ENDPOINT_PROPS } from '../prop-schemas';

/** Logging of requests and responses to BigQuery. The log contains what users write. */
export interface RequestLog {
  /** BigQuery table: `bq://<project>.<dataset>.<table>`. Vertex AI creates it if it does not exist. */
  readonly table: string;
  /** Percentage of requests to log, 1 to 100. @default 100 */
  readonly percent?: number;
}

/** Properties for `PrivateEndpoint`. */
export interface PrivateEndpointProps {
  /** Region of the endpoint, for example `us-central1`. */
  readonly region: string;
  /** IDs of the projects whose networks can connect. @default - the project of the stack */
  readonly projects?: readonly string[];
  /** Key for data at rest, in the region of the endpoint. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Logging of requests and responses. @default - no log */
  readonly requestLog?: RequestLog;
  /** Display name. @default - derived from the path of the construct */
  readonly displayName?: string;
}

/**
 * A Vertex AI endpoint that only your networks can reach, with Private Service Connect and your own key. A pipeline deploys its models,
 * because Terraform has no resource for that.
 *
 * @see https://cloud.google.com/vertex-ai/docs/predictions/private-service-connect
 * @example
 * ```ts
 * import { PrivateEndpoint } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * new PrivateEndpoint(stack, 'Chat', {
 *   region: 'us-central1',
 *   requestLog: { table: 'bq://my-project.serving.requests', percent: 10 },
 * });
 * ```
 */
export class PrivateEndpoint extends Construct {
  /** The Vertex AI endpoint. */
  public readonly resource: VertexAiEndpoint;
  /** Region of the endpoint. */
  public readonly region: string;
  /** Key for data at rest. */
  public readonly encryptionKey: IEncryptionKey;

  constructor(scope: Construct, id: string, props: PrivateEndpointProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    const { region, projects, requestLog } = props;
    this.region = region;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { region });
    this.resource = new VertexAiEndpoint(this, 'Resource', {
      name: numericName(this),
      displayName: props.displayName ?? physicalName(this, LONGEST_DISPLAY_NAME),
      location: region,
      region,
      encryptionSpec: { kmsKeyName: this.encryptionKey.keyId },
      privateServiceConnectConfig: {
        enablePrivateServiceConnect: true,
        projectAllowlist: projects ? [...projects] : [CurrentProject.of(this).projectId],
      },
      predictRequestResponseLoggingConfig: requestLog && {
        enabled: true,
        samplingRate: (requestLog.percent ?? 100) / 100,
        bigqueryDestination: { outputUri: requestLog.table },
      },
      dependsOn: existingDependencies(this, this.encryptionKey.grantTo(ServiceAgent.VERTEX_AI, this)),
    });
    recordExposure(this);
  }

  /** ID of the endpoint, a number. A pipeline deploys models to it. */
  get endpointId(): string {
    return this.resource.name;
  }

  /** Service attachment of the first model. Before a model is deployed, Terraform fails to read it. */
  get serviceAttachment(): string {
    return this.resource.deployedModels.get(0).privateEndpoints.get(0).serviceAttachment;
  }

  /**
   * Connects a network to the endpoint. Use it after the first model is deployed.
   *
   * @param serviceAttachment default: the attachment of the first model
   */
  connectFrom(id: string, network: IMlNetwork, serviceAttachment: string = this.serviceAttachment): PrivateConnection {
    assertProps({ id, network }, { id: required(STRING), network: required(ML_NETWORK) }, { scope: this });
    return new PrivateConnection(this, id, { network, serviceAttachment });
  }
}

/** Returns a numeric name that depends only on the path. Source: documentation of the provider, google 6.50.0: ten digits, the first one not zero. */
function numericName({ node }: Construct): string {
  const min = 10 ** (VERTEX_INFERENCE.endpointNameDigits - 1);
  const hash = createHash('sha256').update(node.path).digest().readUIntBE(0, 6);
  return String(min + (hash % (9 * min)));
}

/** Source: reference of the API, BigQueryDestination.outputUri. */
const TABLE = /^bq:\/\/[a-z][a-z0-9:.-]*(\.\w+){0,2}$/;

function check(scope: Construct, props: PrivateEndpointProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, PRIVATE_ENDPOINT_PROPS)) {
    const { region, requestLog, displayName } = props;
    checkRegion(problems, 'region', region);
    checkKeyRegion(problems, props.encryptionKey, region);
    if (requestLog) checkLog(problems.within('requestLog'), requestLog);
    checkDisplayName(problems, displayName);
  }
  problems.throwIfAny(scope);
}

function checkLog(problems: ProblemCollector, { table, percent }: RequestLog): void {
  checkBounds(problems, 'CaptureInvalid', 'percent', percent, { min: 1, max: 100 });
  if (isUnknown(table) || TABLE.test(table)) return;
  problems.add({
    code: 'CaptureInvalid',
    prop: 'table',
    allowed: 'bq://<project>.<dataset>.<table>',
    got: table,
    fix: 'Start with the project. Leave out dataset and table to create new ones.',
  });
}

function recordExposure(endpoint: PrivateEndpoint): void {
  record(endpoint, {
    id: 'gateway/open-to-network',
    level: 'warning',
    message:
      'Anyone in a connected network can send requests, because the endpoint does not check IAM. Only the beta API supports that.',
    fix: 'Connect only networks that contain nothing but callers, and acknowledge this.',
    evidence: 'enable_secure_private_service_connect: upgrade guide of the provider google 7.0.0',
  });
}
