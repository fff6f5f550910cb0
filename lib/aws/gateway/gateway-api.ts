import { Names, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
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
import type { ResponseMode } from './response-mode';

/** Properties for `GatewayApi`. */
export interface GatewayApiProps {
  readonly handler: IFunction;
  readonly exposure: GatewayExposure;
  readonly authorization: GatewayAuthorization;
  readonly responses: ResponseMode;
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** Whether callers must send an API key. */
  readonly keyRequired: boolean;
  readonly setsLoggingRole: boolean;
  readonly logRetention?: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

const STAGE = 'v1';

/** The API in front of a gateway's function: one route, who may use it and how often, and logs that hold no prompt. */
export class GatewayApi extends Construct {
  public readonly api: RestApi;
  public readonly method: Method;
  /** Who, when, how long, and how it ended. */
  public readonly accessLogs: EncryptedLogGroup;
  /** What API Gateway says of errors: it would make a group without a key, kept for ever, if there were none. */
  public readonly executionLogs: EncryptedLogGroup;

  constructor(scope: Construct, id: string, props: GatewayApiProps) {
    super(scope, id);
    const { logRetention: retention, removalPolicy, setsLoggingRole } = props;
    this.accessLogs = new EncryptedLogGroup(this, 'AccessLogs', { retention, removalPolicy });
    this.api = new RestApi(this, 'Resource', {
      // Its metrics know it by its name alone, so no two may share one.
      restApiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      description: `Inference at ${this.node.path}`,
      ...props.exposure.bind(props.authorization),
      cloudWatchRole: setsLoggingRole,
      // One for all APIs of the account and region: others may write by it when this one is gone.
      cloudWatchRoleRemovalPolicy: setsLoggingRole ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : undefined,
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
    requireTls(this.api);
    this.executionLogs = new EncryptedLogGroup(this, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${this.api.restApiId}/${STAGE}`,
      retention,
      removalPolicy,
    });
    this.api.deploymentStage.node.addDependency(this.executionLogs);
    this.method = this.addRoute(props);
    for (const type of [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX]) {
      this.api.addGatewayResponse(type.responseType, { type, templates: { 'application/json': ERROR } });
    }
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
    return this.api.root.addResource('invocations').addMethod('POST', integration, {
      ...authorization.bind(this),
      apiKeyRequired: keyRequired,
      requestValidator,
      requestModels: { 'application/json': model },
    });
  }
}

/** What an access log says of a request. The path is that of the route: no query, and nothing of a body. */
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

/** Errors of API Gateway itself in the shape that the function's have. They say what kind it was, and quote nothing. */
const ERROR =
  '{"error":{"code":"$context.error.responseType","message":$context.error.messageString,"requestId":"$context.requestId"}}';

/**
 * TLS 1.2 or later with forward secrecy and post-quantum key exchange, and no request that names another host.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 */
function requireTls(api: RestApi): void {
  const resource = api.node.defaultChild as CfnRestApi;
  resource.securityPolicy = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09';
  resource.endpointAccessMode = 'STRICT';
}
