import { Names, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  type DomainName,
  EndpointAccessMode,
  EndpointType,
  SecurityPolicy,
  type CfnRestApi,
  JsonSchemaType,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  ResponseTransferMode,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import type { GatewayDomain } from './gateway-options';
import type { ResponseMode } from './response-mode';

/** Properties for `GatewayApi`. */
export interface GatewayApiProps {
  /** Function that handles requests. */
  readonly handler: IFunction;
  /** Who can reach the API. */
  readonly exposure: GatewayExposure;
  /** Who can call the API. */
  readonly authorization: GatewayAuthorization;
  /** How answers are sent to the caller. */
  readonly responses: ResponseMode;
  /** Requests per second of all callers. */
  readonly requestsPerSecond: number;
  /** Requests of all callers in a burst. */
  readonly burst: number;
  /** Whether callers must send an API key. */
  readonly keyRequired: boolean;
  /** Custom domain. @default - callers use the domain of API Gateway */
  readonly domain?: GatewayDomain;
  /** Whether to set the role with which API Gateway writes logs. */
  readonly cloudWatchRole: boolean;
  /** Retention of the logs. @default RetentionDays.ONE_YEAR */
  readonly logRetention?: RetentionDays;
  /** Removal policy of the logs. */
  readonly removalPolicy: RemovalPolicy;
}

/** REST API of a gateway, with one route, access control, throttling, and logs without prompts. */
export class GatewayApi extends Construct {
  /** The REST API. */
  public readonly api: RestApi;
  /** The custom domain. @default - callers use the domain of API Gateway */
  public readonly domain?: DomainName;
  /** The method of the route. */
  public readonly method: Method;
  /** Access logs: caller, time, duration and status of each request. */
  public readonly accessLogs: EncryptedLogGroup;
  /** Errors of API Gateway. Without this group, it creates one without encryption and without expiration. */
  public readonly executionLogs: EncryptedLogGroup;

  constructor(scope: Construct, id: string, props: GatewayApiProps) {
    super(scope, id);
    const { logRetention: retention, removalPolicy, cloudWatchRole } = props;
    this.accessLogs = new EncryptedLogGroup(this, 'AccessLogs', { retention, removalPolicy });
    this.api = new RestApi(this, 'Resource', {
      // The name is the only dimension of the metrics, so it must be unique.
      restApiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      description: `Inference at ${this.node.path}`,
      ...props.exposure.bind(props.authorization),
      // With a custom domain, no caller can avoid its name and its TLS policy.
      disableExecuteApiEndpoint: props.domain ? true : undefined,
      cloudWatchRole,
      // All APIs of the account and region share the role, and can need it after this API is deleted.
      cloudWatchRoleRemovalPolicy: cloudWatchRole ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : undefined,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: props.requestsPerSecond,
        throttlingBurstLimit: props.burst,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: true,
        accessLogDestination: new LogGroupLogDestination(this.accessLogs.logGroup),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    requireTls(this.api, props.domain?.securityPolicy);
    this.executionLogs = new EncryptedLogGroup(this, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${this.api.restApiId}/${STAGE}`,
      retention,
      removalPolicy,
    });
    this.api.deploymentStage.node.addDependency(this.executionLogs);
    this.domain = props.domain && this.addDomain(props.domain);
    this.method = this.addRoute(props);
    for (const type of [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX]) {
      this.api.addGatewayResponse(type.responseType, { type, templates: { 'application/json': ERROR } });
    }
  }

  private addDomain({ domainName, certificate, securityPolicy }: GatewayDomain): DomainName {
    return this.api.addDomainName('Domain', {
      ...{ domainName, certificate, endpointType: EndpointType.REGIONAL },
      securityPolicy: securityPolicy ?? SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09,
      endpointAccessMode: EndpointAccessMode.STRICT,
    });
  }

  private addRoute({ handler, authorization, responses, keyRequired }: GatewayApiProps): Method {
    const requestValidator = this.api.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    const model = this.api.addModel('Request', {
      contentType: 'application/json',
      schema: { type: JsonSchemaType.OBJECT, minProperties: 1 },
    });
    const integration = new LambdaIntegration(handler, {
      timeout: responses.timeout,
      responseTransferMode: responses.streams ? ResponseTransferMode.STREAM : ResponseTransferMode.BUFFERED,
      allowTestInvoke: false,
    });
    return this.api.root.addResource(ROUTE).addMethod('POST', integration, {
      ...authorization.bind(this),
      apiKeyRequired: keyRequired,
      requestValidator,
      requestModels: { 'application/json': model },
    });
  }
}

/** Fields of an access log entry. The path is the path of the route, without a query. */
const ACCESS_LOG = {
  apiId: '$context.apiId',
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  subject: '$context.authorizer.principalId',
  apiKeyId: '$context.identity.apiKeyId',
  vpcEndpoint: '$context.identity.vpceId',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  refusedBy: '$context.error.responseType',
  firewall: '$context.waf.status',
  tlsVersion: '$context.tlsVersion',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  modelLatencyMs: '$context.integration.latency',
};

/** Error responses of API Gateway itself, in the format of the function. They do not quote the request. */
const ERROR =
  '{"error":{"code":"$context.error.responseType","message":$context.error.messageString,"requestId":"$context.requestId"}}';

/**
 * Requires TLS 1.2 or later with forward secrecy and post-quantum key exchange, and rejects requests for another host name. A custom domain
 * negotiates TLS with the policy of its API, so both have the same one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 */
function requireTls(api: RestApi, policy: SecurityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09): void {
  const resource = api.node.defaultChild as CfnRestApi;
  resource.securityPolicy = policy;
  resource.endpointAccessMode = 'STRICT';
}

/** Stage of the API. It is the first part of the path. */
export const STAGE = 'v1';

/** Path of the only route, below the stage. */
export const ROUTE = 'invocations';
