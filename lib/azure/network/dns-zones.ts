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

/** Notes a zone that a network makes in a resource group; refuses it where another network of the stack has made it there already. */
export function claimZone(network: IConstruct, resourceGroup: IResourceGroup, zone: string): void {
  const holder = TerraformStack.of(network) as { [CLAIMS]?: Claim[] };
  const claims = (holder[CLAIMS] ??= []);
  const other = claims.find((claim) => claim.zone === zone && isSame(claim.resourceGroup, resourceGroup));
  if (other) throw taken(network, other);
  claims.push({ network, resourceGroup, zone });
}

/** Two tokens of one name differ, and one group is one object. */
function isSame(one: IResourceGroup, other: IResourceGroup): boolean {
  return one === other || one.name === other.name;
}

function taken(network: IConstruct, { zone, network: other }: Claim): AiInfraError {
  return new AiInfraError(
    [
      {
        code: 'AzureName',
        prop: 'resourceGroup',
        allowed: `another one than that of ${other.node.path}, whose private DNS zone ${zone} has its name there`,
        got: `two networks with ${zone}`,
        fix: 'Share one network, or give each a resource group of its own.',
      },
    ],
    network,
  );
}
