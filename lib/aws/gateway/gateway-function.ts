import { join } from 'node:path';
import type { RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import type { IAppliedGuardrail } from './prompt-screening';
import { componentsOf, type IInferenceTarget } from './inference-target';
import type { ResponseMode } from './response-mode';

/** Properties for `GatewayFunction`. */
export interface GatewayFunctionProps {
  /** The endpoint to invoke. */
  readonly endpoint: IInferenceTarget;
  /** Guardrail for prompts and answers. @default - no screening */
  readonly guardrail?: IAppliedGuardrail;
  /** How answers are sent to the caller. */
  readonly responses: ResponseMode;
  /** Maximum body of a request, in KiB. */
  readonly maxBodyKiB: number;
  /** Retention of the logs. @default RetentionDays.ONE_YEAR */
  readonly logRetention?: RetentionDays;
  /** Removal policy of the logs. */
  readonly removalPolicy: RemovalPolicy;
}

/** Function between API Gateway and the model. It checks and screens a request, invokes the model, and screens the answer. */
export class GatewayFunction extends Construct {
  /** The Lambda function. */
  public readonly handler: LambdaFunction;
  /** Logs of the function, without prompts and answers. */
  public readonly logs: EncryptedLogGroup;

  /** @internal */
  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id);
    const { endpoint, guardrail, responses, maxBodyKiB, logRetention, removalPolicy } = props;
    this.logs = new EncryptedLogGroup(this, 'Logs', { retention: logRetention, removalPolicy });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const policy = new ManagedPolicy(this, 'Policy', { roles: [role] });
    this.handler = new LambdaFunction(this, 'Resource', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Lambda allocates CPU in proportion to memory. Parsing and TLS need CPU more than memory.
      memorySize: 1024,
      // The timeout of the API. The handler reserves the time to answer with status 504.
      timeout: responses.timeout,
      code: Code.fromAsset(join(__dirname, 'handler')),
      handler: responses.streams ? 'streamed.handler' : 'buffered.handler',
      environment: environmentOf(endpoint, guardrail, responses, maxBodyKiB),
      role,
      logGroup: this.logs.logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    this.logs.logGroup.grantWrite(policy);
    endpoint.grantInvoke(policy);
    guardrail?.grantApply(policy);
    // Permissions must exist before the first request.
    this.handler.node.addDependency(policy);
  }
}

function environmentOf(
  endpoint: IInferenceTarget,
  guardrail: IAppliedGuardrail | undefined,
  { streams, windowCharacters }: ResponseMode,
  maxBodyKiB: number,
): Record<string, string> {
  const [component] = componentsOf(endpoint);
  return {
    ENDPOINT_NAME: endpoint.endpointName,
    ...(component && { INFERENCE_COMPONENT_NAME: component }),
    MAX_BODY_BYTES: String(maxBodyKiB * 1024),
    STREAMS: String(streams),
    WINDOW_CHARACTERS: String(windowCharacters),
    ...(guardrail && { GUARDRAIL_ID: guardrail.guardrailId, GUARDRAIL_VERSION: guardrail.version }),
  };
}
