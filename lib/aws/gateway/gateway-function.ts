import { join } from 'node:path';
import type { RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import type { AppliedGuardrail } from './gateway-guardrail';
import { componentsOf, type IInferenceTarget } from './inference-target';
import type { ResponseMode } from './response-mode';

/** Properties for `GatewayFunction`. */
export interface GatewayFunctionProps {
  readonly endpoint: IInferenceTarget;
  readonly guardrail?: AppliedGuardrail;
  readonly responses: ResponseMode;
  readonly maxBodyKiB: number;
  readonly logRetention?: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The function between API Gateway and the model: judges a request, screens it, invokes, screens the answer. It logs no word of either. */
export class GatewayFunction extends Construct {
  public readonly handler: LambdaFunction;
  public readonly logs: EncryptedLogGroup;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id);
    const { endpoint, guardrail, responses, maxBodyKiB, logRetention, removalPolicy } = props;
    this.logs = new EncryptedLogGroup(this, 'Logs', { retention: logRetention, removalPolicy });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const policy = new ManagedPolicy(this, 'Policy', { roles: [role] });
    this.handler = new LambdaFunction(this, 'Resource', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Processor time follows memory: parsing and TLS take more of it than of memory.
      memorySize: 1024,
      // As long as the API waits. The handler keeps back what it takes to say 504.
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
    // Permissions must be there before the first request.
    this.handler.node.addDependency(policy);
  }
}

function environmentOf(
  endpoint: IInferenceTarget,
  guardrail: AppliedGuardrail | undefined,
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
