import { Fn, type ITerraformDependable } from 'cdktf';
import { assertProps, required, STRING } from '../../core/prop-schema';
import type { IInferenceEndpoint } from '../inference/inference-endpoint';
import { INFERENCE_ENDPOINT, INFERENCE_TARGET_OPTIONS } from '../prop-schemas';

/** An endpoint behind a gateway: a `FoundryDeployment`, a `ContainerAppInference`, or any other server with the OpenAI protocol. */
export interface IInferenceTarget {
  /** Base address of the protocol, without a trailing slash: `https://models.example.com/v1`. */
  readonly url: string;
  /** Audience of the token that the gateway sends, for example `https://cognitiveservices.azure.com`. @default - no token */
  readonly tokenAudience?: string;
  /** Whether the endpoint screens prompts and answers itself. @default false */
  readonly screens?: boolean;
  /**
   * Grants a principal the right to call the endpoint. Callers must depend on the result.
   *
   * @default - the endpoint requires no role assignment
   */
  readonly grantInvoke?: (id: string, principalId: string) => ITerraformDependable;
}

/** Options for `InferenceTarget.fromUrl`. */
export interface InferenceTargetOptions {
  /** Audience of the token that the gateway sends. @default - no token */
  readonly tokenAudience?: string;
  /** Whether the endpoint screens prompts and answers itself. @default false */
  readonly screens?: boolean;
}

/** Creates endpoints for a gateway from things that are not an `IInferenceTarget`. */
export class InferenceTarget {
  /**
   * Uses an online endpoint of Azure ML. Its image must serve the OpenAI protocol at the usual paths.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-authenticate-online-endpoint
   */
  static onlineEndpoint(endpoint: IInferenceEndpoint): IInferenceTarget {
    assertProps({ endpoint }, { endpoint: required(INFERENCE_ENDPOINT) });
    return {
      url: Fn.trimsuffix(endpoint.scoringUri, '/chat/completions'),
      tokenAudience: 'https://ml.azure.com',
      grantInvoke: (id, principalId) => endpoint.grantInvoke(id, principalId),
    };
  }

  /** Uses an endpoint by its address. Grant the identity of the gateway the rights that the endpoint requires. */
  static fromUrl(url: string, options: InferenceTargetOptions = {}): IInferenceTarget {
    assertProps({ url }, { url: required(STRING) });
    assertProps(options, INFERENCE_TARGET_OPTIONS, { name: 'options' });
    return { url, tokenAudience: options.tokenAudience, screens: options.screens };
  }
}
