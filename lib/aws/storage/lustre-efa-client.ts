import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { NodeOs } from '../machine/machine';

const SETUP = 'configure-efa-fsx-lustre-client';

/**
 * Commands by which a node reaches FSx for Lustre over EFA: AWS's own set-up, as its guide has it, before Lustre is loaded. A node whose
 * set-up fails says so in its log, joins all the same, and mounts over TCP. Nothing for nodes that cannot use it.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/configure-efa-clients.html
 */
export function lustreEfaClient({ machine, interconnect, os }: EfaNodeGroupOptions): string[] {
  const able = machine.spec.lustreEfa && interconnect?.usesEfa !== false && os !== NodeOs.BOTTLEROCKET;
  return able ? [COMMANDS] : [];
}

const COMMANDS = `{
  dnf install --assumeyes lustre-client unzip &&
  curl --fail --silent --show-error --location --output /tmp/${SETUP}.zip \\
    https://docs.aws.amazon.com/fsx/latest/LustreGuide/samples/${SETUP}.zip &&
  unzip -q -o /tmp/${SETUP}.zip -d /opt &&
  (cd /opt/${SETUP} && ./setup.sh --optimized-for-gds)
} || logger --tag lustre-efa 'set-up failed: the file system is mounted over TCP'`;
