import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  type DomainName,
  type IApiKey,
  type Method,
  type RestApi,
  ApiKey,
  Period,
  UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { checkTemplates } from '../template/template-checks';
import { GatewayApi, ROUTE } from './gateway-api';
import type { GatewayAuthorization } from './gateway-authorization';
import { type IInferenceGateway, InferenceGatewayBase, countThrottled } from './gateway-base';
import { checkGateway } from './gateway-checks';
import { GatewayFirewall } from './gateway-firewall';
import { GatewayFunction } from './gateway-function';
import { grantInvokeOn } from './gateway-grant';
import { guardrailOf, type IAppliedGuardrail, PromptScreening } from './prompt-screening';
import {
  firewallRateOf,
  type InferenceGatewayProps,
  limitsOf,
  maxBodyKiBOf,
  ACCOUNT_RATE,
  type GatewayClient,
  WAF_BODY_KIB,
} from './gateway-options';
import { ImportedGateway, type InferenceGatewayAttributes } from './imported-gateway';
import { ResponseMode } from './response-mode';
import { buffered, screenedInWindows, openToNetwork, unscreened } from '../../core/gateway-authorization';
import { record } from '../template/findings';

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
  /** The custom domain, the target of an alias record. @default - callers use the domain of API Gateway */
  public readonly domain?: DomainName;
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
    const { endpoint, exposure, authorization, domain, clients = {}, logRetention } = props;
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
      domain,
      responses,
      requestsPerSecond,
      burst,
      keyRequired: Object.keys(clients).length > 0,
      cloudWatchRole,
      ...retention,
    });
    this.api = front.api;
    this.domain = front.domain;
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
    return this.domain ? `https://${this.domain.domainName}/${ROUTE}` : this.api.urlForPath(`/${ROUTE}`);
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

/** An API key and a usage plan for each client, so that no client can use up the limits of another. */
export class GatewayClients extends Construct {
  /** API keys by the name of their client. */
  public readonly apiKeys: Readonly<Record<string, IApiKey>>;

  constructor(scope: Construct, id: string, api: RestApi, clients: Readonly<Record<string, GatewayClient>>) {
    super(scope, id);
    this.apiKeys = Object.fromEntries(
      Object.entries(clients).map(([name, client]) => [name, this.addClient(api, name, client)]),
    );
  }

  private addClient(api: RestApi, name: string, client: GatewayClient): IApiKey {
    const { requestsPerSecond, burst = burstOf(client), requestsPerDay } = client;
    // The CDK gives some ids a special meaning, so the name of a client is never an id itself.
    const parent = new Construct(this, `client-${name}`);
    const key = new ApiKey(parent, 'Key', { description: `${name} at ${this.node.path}` });
    const plan = new UsagePlan(parent, 'Plan', {
      description: `${name} at ${this.node.path}`,
      throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
      quota: requestsPerDay === undefined ? undefined : { limit: requestsPerDay, period: Period.DAY },
      apiStages: [{ api, stage: api.deploymentStage }],
    });
    plan.addApiKey(key);
    return key;
  }
}

function burstOf({ requestsPerSecond }: GatewayClient): number {
  return Math.min(ACCOUNT_RATE.burst, 2 * Math.ceil(requestsPerSecond));
}

/** Records the findings of a gateway. */
export function recordGatewayFindings(
  scope: Construct,
  props: InferenceGatewayProps,
  screening: PromptScreening,
  responses: ResponseMode,
): void {
  const maxBodyKiB = maxBodyKiBOf(props);
  if (props.authorization.kind === 'none') recordOpen(scope);
  if (maxBodyKiB > WAF_BODY_KIB) recordLargeBodies(scope, maxBodyKiB);
  if (!screening.screens) recordUnscreened(scope);
  if (screening.existingGuardrail?.version === 'DRAFT') recordDraft(scope);
  if (!responses.streams) recordBuffered(scope);
  else if (screening.screens) recordWindows(scope, responses);
}

function recordOpen(scope: Construct): void {
  const evidence = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html';
  record(scope, openToNetwork('a VPC endpoint', 'GatewayAuthorization.iam()', evidence));
}

function recordLargeBodies(scope: Construct, maxBodyKiB: number): void {
  record(scope, {
    id: 'gateway/body-beyond-firewall',
    level: 'warning',
    message: `Requests can have ${maxBodyKiB} KiB, but the firewall inspects only the first ${WAF_BODY_KIB}. Only the function checks the rest.`,
    fix: `Set maxBody to at most ${WAF_BODY_KIB} KiB, or acknowledge this.`,
    evidence: 'https://docs.aws.amazon.com/waf/latest/APIReference/API_Body.html',
  });
}

function recordUnscreened(scope: Construct): void {
  record(scope, unscreened('the model', 'PromptScreening.guardrail()', 'the model or the callers'));
}

function recordDraft(scope: Construct): void {
  record(scope, {
    id: 'gateway/guardrail-draft',
    level: 'warning',
    message: 'The draft of a guardrail changes for all callers when someone edits it.',
    fix: 'Create a version of the guardrail, and use its number.',
    evidence: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-versions.html',
  });
}

function recordBuffered(scope: Construct): void {
  record(scope, buffered('https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html'));
}

function recordWindows(scope: Construct, { windowCharacters }: ResponseMode): void {
  const how = `is screened in windows of up to ${windowCharacters} characters. A refused window, or one with data to mask, cuts it off after the caller has read its beginning`;
  const evidence = 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html';
  record(scope, screenedInWindows(how, evidence));
}
