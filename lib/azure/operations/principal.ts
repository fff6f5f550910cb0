import type { IConstruct } from 'constructs';
import { assertProps } from '../../core/prop-schema';
import { GRANTED_PRINCIPAL } from '../prop-schemas';

/** Type of an Entra principal. */
export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

/** Principal of a role assignment. */
export interface GrantedPrincipal {
  /** Construct id of the role assignment. */
  readonly id: string;
  /** Object id. */
  readonly principalId: string;
  /** Type of the principal. */
  readonly principalType: PrincipalType;
}

/** Throws if the values do not identify a principal. */
export function assertPrincipal(scope: IConstruct, principal: GrantedPrincipal): void {
  assertProps(principal, GRANTED_PRINCIPAL, { scope });
}
