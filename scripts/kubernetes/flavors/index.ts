import { AKS_FLAVORS } from './aks';
import { EKS_FLAVORS } from './eks';
import type { Flavor } from './flavor';
import { GKE_FLAVORS } from './gke';

/** All flavors. */
export const FLAVORS: readonly Flavor[] = [...EKS_FLAVORS, ...GKE_FLAVORS, ...AKS_FLAVORS];
