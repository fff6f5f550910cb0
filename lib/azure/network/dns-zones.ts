import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { AiInfraError } from '../../core/errors';
import type { IResourceGroup } from '../props/resource-group';

/** A private DNS zone of a network. */
interface Claim {
  readonly network: IConstruct;
  readonly resourceGroup: IResourceGroup;
  readonly zone: string;
}

const CLAIMS = Symbol.for('ai-infra-constructs.azurePrivateDnsZones');

/** Records a DNS zone of a network, and rejects it if another network of the stack has the zone in the same resource group. */
export function claimZone(network: IConstruct, resourceGroup: IResourceGroup, zone: string): void {
  const holder = TerraformStack.of(network) as { [CLAIMS]?: Claim[] };
  const claims = (holder[CLAIMS] ??= []);
  const other = claims.find((claim) => claim.zone === zone && isSame(claim.resourceGroup, resourceGroup));
  if (other) throw duplicate(network, other);
  claims.push({ network, resourceGroup, zone });
}

/** Compares objects first, because two tokens of the same name differ. */
function isSame(one: IResourceGroup, other: IResourceGroup): boolean {
  return one === other || one.name === other.name;
}

function duplicate(network: IConstruct, { zone, network: other }: Claim): AiInfraError {
  return new AiInfraError(
    [
      {
        code: 'AzureName',
        prop: 'resourceGroup',
        allowed: `another resource group than that of ${other.node.path}, which contains the private DNS zone ${zone}`,
        got: `two networks with ${zone}`,
        fix: 'Share one network, or use one resource group per network.',
      },
    ],
    network,
  );
}
