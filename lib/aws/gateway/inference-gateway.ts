import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IApiKey, Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { checkTemplates } from '../template/template-checks';
import { GatewayApi } from './gateway-api';
import type { GatewayAuthorization } from './gateway-authorization';
import { type IInferenceGateway, InferenceGatewayBase } from './gateway-base';
import { checkGateway } from './gateway-checks';
import { GatewayClients } from './gateway-clients';
import { recordGatewayFindings } from './gateway-findings';
import { GatewayFirewall } from './gateway-firewall';
import { GatewayFunction } from './gateway-function';
import { grantInvokeOn } from './gateway-grant';
import { guardrailOf, type IAppliedGuardrail } from './gateway-guardrail';
import { firewallRateOf } from './gateway-limits';
import { countThrottled } from './gateway-metrics';
import { type InferenceGatewayProps, limitsOf, maxBodyKiBOf } from './gateway-options';
import { ROUTE } from './gateway-route';
import { ImportedGateway, type InferenceGatewayAttributes } from './imported-gateway';
import { PromptScreening } from './prompt-screening';
import { ResponseMode } from './response-mode';

/**
 * A gateway in front of a SageMaker endpoint, with one route: `POST /v1/invocations`. It authenticates callers, limits requests, and
 * screens prompts and answers. Its logs contain no prompts and no answers.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
 *
 * @example
 * ```ts
 * import { GatewayAuthorization, GatewayExposure, InferenceGateway, InferenceTarget } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Serving');
 * new InferenceGateway(stack, 'Gateway', {
 *   endpoint: InferenceTarget.fromEndpointName(stack, 'chat'),
 *   exposure: GatewayExposure.public(),
 *   authorization: GatewayAuthorization.iam(),
 *   clients: { search: { requestsPerSecond: 15 } },
 * });
 * ```
 */
export class InferenceGateway extends InferenceGatewayBase {
  /** Imports a gateway of the account and region of the stack. */
  static fromInferenceGatewayAttributes(
    scope: Construct,
    id: string,
    attrs: InferenceGatewayAttributes,
  ): IInferenceGateway {
    return new ImportedGateway(scope, id, attrs);
  }

  /** The REST API. */
  public readonly api: RestApi;
  /** The method of the route that callers use. */
  public readonly method: Method;
  /** Access logs: caller, time, duration and status of each request. */
  public readonly accessLogs: EncryptedLogGroup;
  /** The function between API Gateway and the model. */
  public readonly function: GatewayFunction;
  /** The firewall in front of the API. */
  public readonly firewall: GatewayFirewall;
  /** Guardrail for prompts and answers. @default - no guardrail with `PromptScreening.none()` */
  public readonly guardrail?: IAppliedGuardrail;
  /** API keys by the name of their client. Empty without `clients`. */
  public readonly apiKeys: Readonly<Record<string, IApiKey>>;
  /** Maximum duration of a request. */
  public readonly timeout: Duration;
  private readonly authorization: GatewayAuthorization;

  constructor(scope: Construct, id: string, props: InferenceGatewayProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    checkGateway(problems, props);
    problems.throwIfAny(this);
    const { endpoint, exposure, authorization, clients = {}, logRetention } = props;
    const { screening = PromptScreening.guardrail(), responses = ResponseMode.streamed() } = props;
    const { cloudWatchRole = true, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    const { requestsPerSecond, burst, requestsPerAddress } = limitsOf(props);
    const maxBodyKiB = maxBodyKiBOf(props);
    const retention = { logRetention, removalPolicy };
    this.authorization = authorization;
    this.timeout = responses.timeout;

    const guardrail = guardrailOf(this, screening, removalPolicy);
    this.guardrail = guardrail;
    this.function = new GatewayFunction(this, 'InvocationHandler', {
      endpoint,
      guardrail,
      responses,
      maxBodyKiB,
      ...retention,
    });
    const front = new GatewayApi(this, 'Api', {
      handler: this.function.handler,
      exposure,
      authorization,
      responses,
      requestsPerSecond,
      burst,
      keyRequired: Object.keys(clients).length > 0,
      cloudWatchRole,
      ...retention,
    });
    this.api = front.api;
    this.method = front.method;
    this.accessLogs = front.accessLogs;
    this.apiKeys = new GatewayClients(this, 'Clients', this.api, clients).apiKeys;
    const requestsPerKey = firewallRateOf(Object.values(clients));
    this.firewall = new GatewayFirewall(this, 'Firewall', {
      api: this.api,
      maxBodyKiB,
      requestsPerAddress,
      requestsPerKey,
      ...retention,
    });
    countThrottled(this, this.accessLogs.logGroup);
    recordGatewayFindings(this, props, screening, responses);
    checkTemplates(this);
  }

  /** URL for requests of callers. */
  get url(): string {
    return this.api.urlForPath(`/${ROUTE}`);
  }

  /** ID of the REST API. */
  get restApiId(): string {
    return this.api.restApiId;
  }

  /** @internal */
  protected get restApiName(): string {
    return this.api.restApiName;
  }

  /** Allows a principal of the account to call the gateway. Requires `GatewayAuthorization.iam()`. */
  grantInvoke(grantee: IGrantable): Grant {
    return grantInvokeOn(this, grantee, this.method.methodArn, this.authorization);
  }
}
