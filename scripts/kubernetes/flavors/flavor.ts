import type { CloudNodes } from '../nodes/allocatable';
import type { Scenario, SynthesizedApp } from '../scenarios/scenario';

/** Cluster that the suite sets up: an app, the nodes of its cloud, and scenarios. */
export interface Flavor {
  /** Name on the command line. */
  readonly name: string;
  /** What the app creates, for the report. */
  readonly title: string;
  /** Reservations and agents of the nodes. */
  readonly cloud: CloudNodes;
  /** Synthesizes the app into an empty folder. */
  readonly synthesize: (folder: string) => SynthesizedApp;
  /** What is proven, in this order. */
  readonly scenarios: readonly Scenario[];
}
