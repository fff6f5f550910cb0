import type { IConstruct } from 'constructs';
import { assertProps, oneOf, required, type PropSchema, STRING } from '../../core/prop-schema';

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

const PRINCIPAL: PropSchema<GrantedPrincipal> = {
  id: required(STRING),
  principalId: required(STRING),
  principalType: oneOf(['User', 'Group', 'ServicePrincipal']),
};

/** Throws if the values do not identify a principal. */
export function assertPrincipal(scope: IConstruct, principal: GrantedPrincipal): void {
  assertProps(principal, PRINCIPAL, { scope });
}
