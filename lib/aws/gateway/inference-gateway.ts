import { RemovalPolicy } from 'aws-cdk-lib';
import type { IApiKey, Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { demand, NUMBER, required } from '../../core/shapes';
import type { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { GRANTEE } from '../props/shapes';
import { checkTemplates } from '../template/template-checks';
import { GatewayApi } from './gateway-api';
import type { GatewayAuthorization } from './gateway-authorization';
import { checkGateway } from './gateway-checks';
import { GatewayClients } from './gateway-clients';
import { recordGatewayFindings } from './gateway-findings';
import { GatewayFirewall } from './gateway-firewall';
import { GatewayFunction } from './gateway-function';
import { checkGrant } from './gateway-grant';
import { type AppliedGuardrail, guardrailOf } from './gateway-guardrail';
import { firewallRateOf } from './gateway-limits';
import { apiMetric, countThrottled, requestsMetric, shareOfRequests, throttledMetric } from './gateway-metrics';
import { DEFAULT_MAX_BODY_KIB, type InferenceGatewayProps, limitsOf } from './gateway-options';
import { PromptScreening } from './prompt-screening';
import { ResponseMode } from './response-mode';

/**
 * The face of an inference endpoint: one route, `POST /v1/invocations`, that knows its callers, meters them, refuses what is malformed, too
 * large or too much, has prompts and answers screened, and logs no word of either.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
 */
export class InferenceGateway extends Construct {
  public readonly api: RestApi;
  /** The route that callers use. */
  public readonly method: Method;
  /** Who called, when, for how long, and how it ended. */
  public readonly accessLogs: EncryptedLogGroup;
  public readonly function: GatewayFunction;
  public readonly firewall: GatewayFirewall;
  /** What judges prompts and answers. @default - nothing: `PromptScreening.none()` */
  public readonly guardrail?: AppliedGuardrail;
  /** The API keys, by the name of their caller: empty without `clients`. */
  public readonly apiKeys: Readonly<Record<string, IApiKey>>;
  private readonly authorization: GatewayAuthorization;

  constructor(scope: Construct, id: string, props: InferenceGatewayProps) {
    super(scope, id);
    const problems = new Problems();
    checkGateway(problems, props);
    problems.throwIfAny(this);
    const { endpoint, exposure, authorization, clients = {}, maxBodyKiB = DEFAULT_MAX_BODY_KIB, logRetention } = props;
    const { screening = PromptScreening.guardrail(), responses = ResponseMode.streamed() } = props;
    const { setsLoggingRole = true, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    const { requestsPerSecond, burst, requestsPerAddress } = limitsOf(props);
    const kept = { logRetention, removalPolicy };
    this.authorization = authorization;

    const guardrail = guardrailOf(this, screening, removalPolicy);
    this.guardrail = guardrail;
    this.function = new GatewayFunction(this, 'InvocationHandler', {
      endpoint,
      guardrail,
      responses,
      maxBodyKiB,
      ...kept,
    });
    const front = new GatewayApi(this, 'Api', {
      handler: this.function.handler,
      exposure,
      authorization,
      responses,
      requestsPerSecond,
      burst,
      keyRequired: Object.keys(clients).length > 0,
      setsLoggingRole,
      ...kept,
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
      ...kept,
    });
    countThrottled(this, this.accessLogs.logGroup);
    recordGatewayFindings(this, props, screening, responses);
    checkTemplates(this);
  }

  /** Address of the route. */
  get url(): string {
    return this.api.urlForPath('/invocations');
  }

  /** Lets a principal of this account call the gateway, with `GatewayAuthorization.iam()`. A right that would be of no use is an error. */
  grantInvoke(grantee: IGrantable): Grant {
    demand({ grantee }, { grantee: required(GRANTEE) }, { scope: this });
    const problems = new Problems();
    checkGrant(problems, this, this.authorization, grantee);
    problems.throwIfAny(this);
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: [this.method.methodArn],
    });
  }

  /** Requests of a minute, however they ended. */
  metricRequests(): IMetric {
    return requestsMetric(this.api);
  }

  /** Answers 5xx, in percent of requests. */
  metricErrorShare(): IMetric {
    return shareOfRequests(this.api, 'failed', apiMetric(this.api, '5XXError'));
  }

  /** Answers 4xx, in percent of requests: 429 is among them. */
  metricRefusedShare(): IMetric {
    return shareOfRequests(this.api, 'refused', apiMetric(this.api, '4XXError'));
  }

  /**
   * Answers 429, in percent of requests, as access logs tell. Where they come in masses, API Gateway may not log them all.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-monitor.html
   */
  metricThrottledShare(): IMetric {
    return shareOfRequests(this.api, 'throttled', throttledMetric(this.api));
  }

  /** Milliseconds from a request to its answer. @param percentile e.g. 99 */
  metricLatency(percentile = 99): IMetric {
    demand({ percentile }, { percentile: NUMBER }, { scope: this });
    return apiMetric(this.api, 'Latency', { statistic: `p${percentile}` });
  }
}
