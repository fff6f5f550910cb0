import { Fn, type ITerraformDependable } from 'cdktf';
import { demand, FLAG, having, type Kind, required, type Shape, TEXT } from '../../core/shapes';

/** What a gateway stands in front of: a `FoundryDeployment`, a `ContainerAppInference`, or whatever else speaks the OpenAI protocol. */
export interface IInferenceTarget {
  /** Address below which the paths of the protocol lie, without a slash at its end, e.g. `https://models.example.com/v1`. */
  readonly url: string;
  /** What a token of the gateway must be for, e.g. `https://cognitiveservices.azure.com`. @default - it takes requests without one */
  readonly tokenAudience?: string;
  /** Whether it judges prompts and answers itself. @default false */
  readonly screens?: boolean;
  /** Lets a principal call it: nothing calls it before what is returned. @default - it asks for no right */
  readonly grantInvoke?: (id: string, principalId: string) => ITerraformDependable;
}

/** Options for an endpoint of your own. */
export interface InferenceTargetOptions {
  /** What a token of the gateway must be for. @default - it takes requests without one */
  readonly tokenAudience?: string;
  /** Whether it judges prompts and answers itself. @default false */
  readonly screens?: boolean;
}

/** An online endpoint of Azure ML: an `InferenceEndpoint` is one. */
export interface IOnlineEndpoint {
  /** Where requests go: `…/v1/chat/completions`, for a server of the OpenAI protocol. */
  readonly scoringUri: string;
  /** Lets a principal call it: nothing calls it before what is returned. */
  grantInvoke(id: string, principalId: string): ITerraformDependable;
}

/** What stands behind a gateway, where it does not say so itself. */
export class InferenceTarget {
  /**
   * An online endpoint whose model is served by an image of the OpenAI protocol, at its usual paths.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-authenticate-online-endpoint
   */
  static onlineEndpoint(endpoint: IOnlineEndpoint): IInferenceTarget {
    demand({ endpoint }, { endpoint: required(ONLINE_ENDPOINT) });
    return {
      url: Fn.trimsuffix(endpoint.scoringUri, '/chat/completions'),
      tokenAudience: 'https://ml.azure.com',
      grantInvoke: (id, principalId) => endpoint.grantInvoke(id, principalId),
    };
  }

  /** An endpoint by its address. Whatever it asks of callers, the identity of the gateway must have. */
  static fromUrl(url: string, options: InferenceTargetOptions = {}): IInferenceTarget {
    demand({ url }, { url: required(TEXT) });
    demand(options, OPTIONS, { name: 'options' });
    return { url, tokenAudience: options.tokenAudience, screens: options.screens };
  }
}

/** An endpoint of a gateway. */
export const INFERENCE_TARGET: Kind = having(
  'an endpoint that can be called',
  ['url'],
  "Pass the construct itself, or InferenceTarget.fromUrl('https://…/v1').",
);

const OPTIONS: Shape<InferenceTargetOptions> = { tokenAudience: TEXT, screens: FLAG };

const ONLINE_ENDPOINT: Kind = having(
  'an online endpoint',
  ['scoringUri', 'grantInvoke'],
  'Pass the InferenceEndpoint itself.',
);
