import { branded, demand, type Kind, required, type Shape, without } from '../../core/shapes';
import { type IInferenceTarget, INFERENCE_TARGET } from '../gateway/inference-target';
import { CONTAINER_APP_INFERENCE, type ContainerAppInferenceProps } from './container-app-inference-props';
import { FOUNDRY_DEPLOYMENT, type FoundryDeploymentProps } from './foundry-deployment-props';

/** What a platform takes of a Foundry deployment: the place is its own. */
export type FoundryServingOptions = Omit<FoundryDeploymentProps, 'resourceGroup' | 'network' | 'logs'>;

/** What a platform takes of an app: the place is its own. */
export type ContainerAppServingOptions = Omit<
  ContainerAppInferenceProps,
  'resourceGroup' | 'network' | 'cidr' | 'subnetId' | 'environment' | 'logs'
>;

/** What answers requests on a platform. */
export class RealtimeServing {
  /** Models of the catalogue of Microsoft Foundry. */
  static foundry(options: FoundryServingOptions): RealtimeServing {
    demand(options, FOUNDRY, { name: 'options' });
    return new RealtimeServing(options);
  }

  /** A model of your own on serverless accelerators of Container Apps. */
  static containerApp(options: ContainerAppServingOptions): RealtimeServing {
    demand(options, CONTAINER_APP, { name: 'options' });
    return new RealtimeServing(undefined, options);
  }

  /** An endpoint that stands: of Azure ML by `InferenceTarget.onlineEndpoint`, or any other of the OpenAI protocol. */
  static existing(target: IInferenceTarget): RealtimeServing {
    demand({ target }, { target: required(INFERENCE_TARGET) });
    return new RealtimeServing(undefined, undefined, target);
  }

  private constructor(
    /** A Foundry deployment to make. @default - none */
    public readonly foundryOptions?: FoundryServingOptions,
    /** An app to make. @default - none */
    public readonly containerAppOptions?: ContainerAppServingOptions,
    /** What stands. @default - something is made */
    public readonly target?: IInferenceTarget,
  ) {}
}

/** What answers, of whichever copy of the package. */
export const REALTIME_SERVING: Kind = branded(
  RealtimeServing,
  'AzureRealtimeServing',
  'a RealtimeServing',
  'Use RealtimeServing.foundry({ models }) or its like.',
);

const FOUNDRY: Shape<FoundryServingOptions> = without(FOUNDRY_DEPLOYMENT, 'resourceGroup', 'network', 'logs');

const CONTAINER_APP: Shape<ContainerAppServingOptions> = without(
  CONTAINER_APP_INFERENCE,
  'resourceGroup',
  'network',
  'cidr',
  'subnetId',
  'environment',
  'logs',
);
