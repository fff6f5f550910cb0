import type { Prices } from '../../core/catalog/own-prices';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from '../machine/machine';
import type { EndpointScaling } from './endpoint-scaling';
import type { GardenContainer } from './garden-container';
import type { GardenModel } from './garden-model';

/** The address of a Vertex AI endpoint. Callers need permission in IAM in both cases. */
export enum VertexEndpointAccess {
  /** Dedicated endpoint: requests of up to 10 MB and 10 minutes, with streaming. Does not work with service perimeters. */
  DEDICATED = 'dedicated',
  /** Shared endpoint of the region: requests of up to 1.5 MB and 60 seconds, without streaming. */
  SHARED = 'shared',
}

/** Properties for `InferenceEndpoint`. */
export interface InferenceEndpointProps {
  /** Region of the endpoint, for example `us-central1`. */
  readonly region: string;
  /** Model to deploy. */
  readonly model: GardenModel;
  /** Machine type of the replicas, for example `GoogleMachine.G2_STANDARD_12`. */
  readonly machine: GoogleMachine;
  /** Your own serving container. @default - Google's container for the model */
  readonly container?: GardenContainer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - no load: only the hardware is checked
   */
  readonly load?: ServingLoad;
  /** Limits and target of scaling. @default - derived from `load`, or 1 replica without a load */
  readonly scaling?: EndpointScaling;
  /** Machines of one replica, for a model that does not fit on one machine. Only for GPU machines. @default 1 */
  readonly machinesPerReplica?: number;
  /** Capacity of the machines: on-demand, spot, or a reservation that is shared with Vertex AI. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Zone of the reservation. Required with a reservation. @default - no reservation */
  readonly reservationZone?: string;
  /** Address of the endpoint. @default VertexEndpointAccess.DEDICATED */
  readonly access?: VertexEndpointAccess;
  /** Display name. @default - derived from the path of the construct */
  readonly displayName?: string;
  /** IAM members that can send requests, for example `serviceAccount:…`. The permission covers all endpoints of the project. @default - no members */
  readonly invokers?: readonly string[];
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
