import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import type { PrincipalType } from '../operations/principal';
import { checkResourceId } from '../props/resource-id';
import type { RoleAssignment } from '../provider/azurerm';
import { EndpointAuthorization } from './endpoint-authorization';
import { grantInvokeOn } from './endpoint-grants';
import { INFERENCE_ENDPOINT_ATTRIBUTES } from '../prop-schemas';

/** An online endpoint of Azure ML: an `InferenceEndpoint`, or an existing one. */
export interface IInferenceEndpoint {
  /** Resource id of the endpoint. */
  readonly id: string;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Address for requests. A server with the OpenAI protocol has `…/v1/chat/completions`. */
  readonly scoringUri: string;
  /** Grants a principal the right to invoke the endpoint. Callers must depend on the result. */
  grantInvoke(id: string, principalId: string, principalType?: PrincipalType): ITerraformDependable;
}

/** Attributes of an existing endpoint, for `InferenceEndpoint.fromInferenceEndpointAttributes`. */
export interface InferenceEndpointAttributes {
  /** Resource id of the endpoint. */
  readonly id: string;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Address for requests. */
  readonly scoringUri: string;
  /** How callers authenticate. @default EndpointAuthorization.ENTRA */
  readonly authorization?: EndpointAuthorization;
}

/** An existing endpoint, by its attributes. It creates role assignments only. */
export class ImportedEndpoint extends Construct implements IInferenceEndpoint {
  public readonly id: string;
  public readonly endpointName: string;
  public readonly scoringUri: string;
  private readonly authorization?: EndpointAuthorization;

  constructor(scope: Construct, id: string, attrs: InferenceEndpointAttributes) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, attrs, INFERENCE_ENDPOINT_ATTRIBUTES, 'attrs'))
      checkResourceId(problems, 'id', attrs.id, TYPE);
    problems.throwIfAny(this);
    this.id = attrs.id;
    this.endpointName = attrs.endpointName;
    this.scoringUri = attrs.scoringUri;
    this.authorization = attrs.authorization;
  }

  grantInvoke(id: string, principalId: string, principalType: PrincipalType = 'ServicePrincipal'): RoleAssignment {
    const endpoint = { id: this.id, authorization: this.authorization };
    return grantInvokeOn(this, endpoint, { id, principalId, principalType });
  }
}

const TYPE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
