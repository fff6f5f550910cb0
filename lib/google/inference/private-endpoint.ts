import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import { VERTEX_INFERENCE } from '../../core/catalog/vertex-inference';
import { Problems } from '../../core/errors';
import { demand, fits, type Kind, listOf, NUMBER, objectOf, required, type Shape, TEXT } from '../../core/shapes';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { CurrentProject } from '../operations/current-project';
import { checkKeyRegion, ENCRYPTION_KEY, EncryptionKey } from '../operations/encryption-key';
import { checkRegion } from '../props/location';
import { VertexAiEndpoint } from '../provider/google';
import { standingBefore } from '../../terraform/standing-before';
import { checkDisplayName, LONGEST_DISPLAY_NAME } from './endpoint-checks';
import { PrivateConnection } from './private-connection';

/** Requests and answers to keep: they hold what users write. */
export interface RequestLog {
  /** The table of BigQuery, `bq://<project>.<dataset>.<table>`: an absent one is made. */
  readonly table: string;
  /** Share of requests that is kept, 1 to 100 percent. @default 100 */
  readonly percent?: number;
}

/** Properties for `PrivateEndpoint`. */
export interface PrivateEndpointProps {
  /** The region that it stands in, e.g. `us-central1`. */
  readonly region: string;
  /** Ids of the projects whose networks may connect. @default - that of the stack */
  readonly projects?: readonly string[];
  /** The key of what the service keeps, in that region. @default - a new key */
  readonly encryptionKey?: EncryptionKey;
  /** Requests and answers to keep. @default - none */
  readonly requestLog?: RequestLog;
  /** Name that people see. @default - from its path */
  readonly displayName?: string;
}

const REQUEST_LOG: Kind = objectOf<RequestLog>({ table: required(TEXT), percent: NUMBER }, 'a log { table }');

const SHAPE: Shape<PrivateEndpointProps> = {
  region: required(TEXT),
  projects: listOf(TEXT),
  encryptionKey: ENCRYPTION_KEY,
  requestLog: REQUEST_LOG,
  displayName: TEXT,
};

/**
 * An endpoint of Vertex AI in reach of your networks alone, by Private Service Connect, under a key of yours. Its models are deployed by a
 * pipeline: Terraform deploys none to an endpoint that stands.
 *
 * @see https://cloud.google.com/vertex-ai/docs/predictions/private-service-connect
 */
export class PrivateEndpoint extends Construct {
  public readonly resource: VertexAiEndpoint;
  public readonly region: string;
  public readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: PrivateEndpointProps) {
    super(scope, id);
    check(this, props);
    const { region, projects, requestLog } = props;
    this.region = region;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { location: region });
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
      dependsOn: standingBefore(this, [this.encryptionKey.grantTo('aiplatform')]),
    });
    recordOpen(this);
  }

  /** What the service calls the endpoint: a number, which a pipeline deploys to. */
  get endpointId(): string {
    return this.resource.name;
  }

  /** The attachment that networks connect to: there is one once a first model is deployed, and before that Terraform fails to read it. */
  get serviceAttachment(): string {
    return this.resource.deployedModels.get(0).privateEndpoints.get(0).serviceAttachment;
  }

  /**
   * Gives it an address in a network, once a first model is deployed.
   *
   * @param serviceAttachment by default that of the first model
   */
  connectFrom(id: string, network: IMlNetwork, serviceAttachment: string = this.serviceAttachment): PrivateConnection {
    demand({ id, network }, { id: required(TEXT), network: required(ML_NETWORK) }, { scope: this });
    return new PrivateConnection(this, id, { network, serviceAttachment });
  }
}

/** A name of digits, stable for a path. Source: documentation of the provider, google 6.50.0: ten digits, the first of them no zero. */
function numericName({ node }: Construct): string {
  const least = 10 ** (VERTEX_INFERENCE.endpointNameDigits - 1);
  const hash = createHash('sha256').update(node.path).digest().readUIntBE(0, 6);
  return String(least + (hash % (9 * least)));
}

/** Source: reference of the API, BigQueryDestination.outputUri. */
const TABLE = /^bq:\/\/[a-z][a-z0-9:.-]*(\.\w+){0,2}$/;

function check(scope: Construct, props: PrivateEndpointProps): void {
  const problems = new Problems();
  if (fits(problems, props, SHAPE)) {
    const { region, requestLog, displayName } = props;
    checkRegion(problems, 'region', region);
    checkKeyRegion(problems, props.encryptionKey, region);
    if (requestLog) checkLog(problems.within('requestLog'), requestLog);
    checkDisplayName(problems, displayName);
  }
  problems.throwIfAny(scope);
}

function checkLog(problems: Problems, { table, percent }: RequestLog): void {
  checkBounds(problems, 'CaptureInvalid', 'percent', percent, { least: 1, most: 100 });
  if (isUnknown(table) || TABLE.test(table)) return;
  problems.add({
    code: 'CaptureInvalid',
    prop: 'table',
    allowed: 'bq://<project>.<dataset>.<table>',
    got: table,
    fix: 'Write the project first, and leave dataset and table out for new ones.',
  });
}

function recordOpen(endpoint: PrivateEndpoint): void {
  record(endpoint, {
    id: 'gateway/open-to-network',
    level: 'warning',
    message: 'Whoever is in a network that connects may send requests: IAM is not asked, which only the beta API does.',
    fix: 'Let few networks connect, in which only callers are, and acknowledge this.',
    evidence: 'enable_secure_private_service_connect: upgrade guide of the provider google 7.0.0',
  });
}
