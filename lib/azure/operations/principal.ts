import type { IConstruct } from 'constructs';
import { demand, oneOf, required, type Shape, TEXT } from '../../core/shapes';

/** What someone is in Entra. */
export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

/** Whom a right is given to. */
export interface GrantedPrincipal {
  /** Id of the construct that the assignment becomes. */
  readonly id: string;
  /** Object id. */
  readonly principalId: string;
  readonly principalType: PrincipalType;
}

const PRINCIPAL: Shape<GrantedPrincipal> = {
  id: required(TEXT),
  principalId: required(TEXT),
  principalType: oneOf(['User', 'Group', 'ServicePrincipal']),
};

/** Refuses what names nobody that a right can be given to. */
export function demandPrincipal(scope: IConstruct, principal: GrantedPrincipal): void {
  demand(principal, PRINCIPAL, { scope });
}
