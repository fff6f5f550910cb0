import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { FLAG, listOf, NUMBER, objectOf, oneOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { AZURE_MACHINE, type AzureMachine } from '../machine/machine';
import { type IMachineLearningWorkspace, WORKSPACE } from '../machine-learning/workspace-attributes';
import { type IManagedIdentity, MANAGED_IDENTITY } from '../operations/identity';
import { ENDPOINT_SCALING, type EndpointScaling } from './endpoint-scaling';
import { SERVED_MODEL, type ServedModel } from './served-model';

/** Requests and answers that are kept in the storage of the workspace. */
export interface DataCapture {
  /** Share of the requests, in percent. @default 100 */
  readonly percent?: number;
}

/** Properties for `InferenceEndpoint`: what is served, on what, and for whom. */
export interface InferenceEndpointProps {
  /** The workspace that it belongs to, in its region and its managed network. */
  readonly workspace: IMachineLearningWorkspace;
  /** The models by name, 1 to 20, the first one first: 3 to 32 letters, digits and hyphens. Azure ML calls each a deployment. */
  readonly models: Readonly<Record<string, ServedModel>>;
  /** The machine that every instance is. */
  readonly machine: AzureMachine;
  /** What the first model must bear. It sizes what is left open, and what is stated is checked against it. @default - the hardware alone is checked */
  readonly load?: ServingLoad;
  /** Limits and target of scaling, of each model. @default - those of the load; one instance without one */
  readonly scaling?: EndpointScaling;
  /** Whether it is reached from the internet, and not through the private endpoint of the workspace. @default false */
  readonly publicAccess?: boolean;
  /** How callers tell who they are: by a token of Entra, or by a key that never expires. @default entra */
  readonly authorization?: 'entra' | 'key';
  /** Requests and answers to keep. @default - none */
  readonly dataCapture?: DataCapture;
  /** What its containers act as. It can never change. @default - a new identity that pulls images, reads models of the workspace, and writes what `dataCapture` keeps */
  readonly identity?: IManagedIdentity;
  /** Its name, 3 to 32 letters, digits and hyphens: no other endpoint of the region has it. @default - made of its path and the subscription */
  readonly endpointName?: string;
  /** Prices of your own for the plan of `load`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/** The kinds of the props of an endpoint. */
export const INFERENCE_ENDPOINT: Shape<InferenceEndpointProps> = {
  workspace: required(WORKSPACE),
  models: required(recordOf(SERVED_MODEL)),
  machine: required(AZURE_MACHINE),
  load: SERVING_LOAD,
  scaling: ENDPOINT_SCALING,
  publicAccess: FLAG,
  authorization: oneOf(['entra', 'key']),
  dataCapture: objectOf<DataCapture>({ percent: NUMBER }, 'a capture { percent }'),
  identity: MANAGED_IDENTITY,
  endpointName: TEXT,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};

/** Names of the models whose inputs and outputs are kept: a server of one's own keeps whole requests, which no monitor reads. */
export function monitorableIn({
  dataCapture,
  models,
}: Pick<InferenceEndpointProps, 'dataCapture' | 'models'>): string[] {
  if (!dataCapture) return [];
  return Object.entries(models)
    .filter(([, { container }]) => container.kind !== 'image')
    .map(([name]) => name);
}
