import { unconfirmed } from './confirmation';
import { instanceOf, type PropType, STRING } from './prop-schema';

/** The text that confirms a cost. A rule checks the words. */
export const CONFIRMED: PropType = { ...STRING, missing: unconfirmed(undefined) };

/** An authorization of a gateway, which is required, because no gateway is open by default. @param fix how to set it on that cloud */
export function gatewayAuthorization(layer: string, fix: string): PropType {
  return {
    ...instanceOf(`${layer}.GatewayAuthorization`, 'a GatewayAuthorization', fix),
    missing: {
      code: 'GatewayUnauthenticated',
      allowed: 'a GatewayAuthorization, because no gateway is open by default',
      fix,
    },
  };
}
