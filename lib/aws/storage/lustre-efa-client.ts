import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { NodeOs } from '../machine/machine';

const SETUP = 'configure-efa-fsx-lustre-client';

/**
 * Shell commands that set up a node for FSx for Lustre over EFA, as in the AWS guide, before Lustre is loaded. If the set-up fails, the node
 * writes it to its log, joins the cluster, and mounts over TCP. Empty for nodes without support.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/configure-efa-clients.html
 */
export function lustreEfaClient({ machine, interconnect, nodeOptions }: EfaNodeGroupOptions): string[] {
  const isSupported =
    machine.spec.lustreEfa && interconnect?.usesEfa !== false && nodeOptions?.os !== NodeOs.BOTTLEROCKET;
  return isSupported ? [COMMANDS] : [];
}

const COMMANDS = `{
  dnf install --assumeyes lustre-client unzip &&
  curl --fail --silent --show-error --location --output /tmp/${SETUP}.zip \\
    https://docs.aws.amazon.com/fsx/latest/LustreGuide/samples/${SETUP}.zip &&
  unzip -q -o /tmp/${SETUP}.zip -d /opt &&
  (cd /opt/${SETUP} && ./setup.sh --optimized-for-gds)
} || logger --tag lustre-efa 'set-up failed: the file system is mounted over TCP'`;
