import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { listOf, NUMBER, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { CAPACITY, type Capacity } from '../capacity/capacity';
import { GOOGLE_MACHINE, type GoogleMachine } from '../machine/machine';
import { ENDPOINT_SCALING, type EndpointScaling } from './endpoint-scaling';
import { GARDEN_CONTAINER, type GardenContainer } from './garden-container';
import { GARDEN_MODEL, type GardenModel } from './garden-model';

/** How requests reach an endpoint. Either way IAM decides who may send them. */
export enum EndpointAccess {
  /** By an address of its own: 10 MB a request, 10 minutes, streams. Behind no service perimeter. */
  DEDICATED = 'dedicated',
  /** By that of the service in the region: 1.5 MB a request, 60 seconds, no streams. */
  SHARED = 'shared',
}

/** Properties for `InferenceEndpoint`: what is served, on what, and for whom. */
export interface InferenceEndpointProps {
  /** The region that it stands in, e.g. `us-central1`. */
  readonly region: string;
  /** What is served. */
  readonly model: GardenModel;
  /** The machine of each replica, e.g. `GoogleMachine.G2_STANDARD_12`. */
  readonly machine: GoogleMachine;
  /** What serves it. @default - the container that Google has for the model */
  readonly container?: GardenContainer;
  /**
   * What the model must bear. It sizes what is left open, and what is stated is checked against it.
   *
   * @default - the hardware alone is checked
   */
  readonly load?: ServingLoad;
  /** Limits and target of scaling. @default - those of the load; one replica without one */
  readonly scaling?: EndpointScaling;
  /** Machines of one replica, for a model that one does not hold: GPUs alone. @default 1 */
  readonly machinesPerReplica?: number;
  /** How machines are bought: on demand, spot, or a reservation that is shared with Vertex AI. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** The zone of the reservation. @default - there is none */
  readonly reservationZone?: string;
  /** @default EndpointAccess.DEDICATED */
  readonly access?: EndpointAccess;
  /** Name that people see. @default - from its path */
  readonly displayName?: string;
  /** Members of IAM that may send requests, e.g. `serviceAccount:…`: to every endpoint of the project, as IAM has none for one. @default - none */
  readonly invokers?: readonly string[];
  /** Prices of your own for the plan of `load`, before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/** The kinds of the props of an endpoint. */
export const INFERENCE_ENDPOINT: Shape<InferenceEndpointProps> = {
  region: required(TEXT),
  model: required(GARDEN_MODEL),
  machine: required(GOOGLE_MACHINE),
  container: GARDEN_CONTAINER,
  load: SERVING_LOAD,
  scaling: ENDPOINT_SCALING,
  machinesPerReplica: NUMBER,
  capacity: CAPACITY,
  reservationZone: TEXT,
  access: oneOf(Object.values(EndpointAccess)),
  displayName: TEXT,
  invokers: listOf(TEXT),
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};
