import { assertProps, required, brand } from '../../core/prop-schema';
import type { IInferenceTarget } from '../gateway/inference-target';
import type { ContainerAppInferenceProps } from './container-app-inference-props';
import type { FoundryDeploymentProps } from './foundry-deployment';
import { CONTAINER_APP_SERVING_OPTIONS, FOUNDRY_SERVING_OPTIONS, INFERENCE_TARGET } from '../prop-schemas';

/** Options for the Foundry models of a platform. The platform sets the rest. */
export type FoundryServingOptions = Omit<FoundryDeploymentProps, 'resourceGroup' | 'network' | 'logs'>;

/** Options for the container app of a platform. The platform sets the rest. */
export type ContainerAppServingOptions = Omit<
  ContainerAppInferenceProps,
  'resourceGroup' | 'network' | 'cidr' | 'subnetId' | 'environment' | 'logs'
>;

/** The endpoint of a `RealtimeInferencePlatform`. */
export class RealtimeServing {
  /** Deploys models of the Microsoft Foundry catalog. */
  static foundry(options: FoundryServingOptions): RealtimeServing {
    assertProps(options, FOUNDRY_SERVING_OPTIONS, { name: 'options' });
    return new RealtimeServing(options);
  }

  /** Deploys your own model on serverless GPUs of Container Apps. */
  static containerApp(options: ContainerAppServingOptions): RealtimeServing {
    assertProps(options, CONTAINER_APP_SERVING_OPTIONS, { name: 'options' });
    return new RealtimeServing(undefined, options);
  }

  /** Uses an existing endpoint: `InferenceTarget.onlineEndpoint` for Azure ML, or any other endpoint with the OpenAI protocol. */
  static fromTarget(target: IInferenceTarget): RealtimeServing {
    assertProps({ target }, { target: required(INFERENCE_TARGET) });
    return new RealtimeServing(undefined, undefined, target);
  }

  private constructor(
    /** Options for new Foundry models. @default - no new Foundry models */
    public readonly foundryOptions?: FoundryServingOptions,
    /** Options for a new container app. @default - no new app */
    public readonly containerAppOptions?: ContainerAppServingOptions,
    /** The existing endpoint. @default - a new one */
    public readonly target?: IInferenceTarget,
  ) {}
}

brand(RealtimeServing, 'azure.RealtimeServing');
