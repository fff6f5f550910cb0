import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { InferenceGatewayBase } from './gateway-base';
import { checkSeconds } from './gateway-checks';
import { grantInvokeOn } from './gateway-grant';
import { STREAM_SECONDS } from './gateway-options';
import { ROUTE, STAGE } from './gateway-api';
import { INFERENCE_GATEWAY_ATTRIBUTES } from '../prop-schemas';

/** Attributes of an existing gateway in the account and region of the stack. */
export interface InferenceGatewayAttributes {
  /** ID of the REST API. */
  readonly restApiId: string;
  /** Name of the REST API. Required for metrics, because CloudWatch identifies an API by its name. @default - no metrics */
  readonly restApiName?: string;
  /** URL for requests of callers. @default - the URL of the API in its region */
  readonly url?: string;
  /** Maximum duration of a request, 1 second to 15 minutes. @default Duration.minutes(15) */
  readonly timeout?: Duration;
}

/** A gateway that another stack manages. It creates no resources. */
export class ImportedGateway extends InferenceGatewayBase {
  public readonly url: string;
  public readonly restApiId: string;
  public readonly timeout: Duration;
  protected readonly restApiName?: string;

  constructor(scope: Construct, id: string, attrs: InferenceGatewayAttributes) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, attrs, INFERENCE_GATEWAY_ATTRIBUTES, 'attrs')) {
      checkSeconds(problems, 'timeout', attrs.timeout, STREAM_SECONDS, 'Set the timeout of the gateway.');
    }
    problems.throwIfAny(this);
    const { restApiId, restApiName, url, timeout = Duration.seconds(STREAM_SECONDS) } = attrs;
    const { region, urlSuffix } = Stack.of(this);
    this.restApiId = restApiId;
    this.restApiName = restApiName;
    this.url = url ?? `https://${restApiId}.execute-api.${region}.${urlSuffix}/${STAGE}/${ROUTE}`;
    this.timeout = timeout;
  }

  /** Allows a principal of the account to call the gateway. Has an effect only with `GatewayAuthorization.iam()`. */
  grantInvoke(grantee: IGrantable): Grant {
    const methodArn = Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.restApiId,
      resourceName: `${STAGE}/POST/${ROUTE}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    return grantInvokeOn(this, grantee, methodArn);
  }
}
