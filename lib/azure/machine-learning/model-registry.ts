import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, FLAG, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { record } from '../../terraform/findings';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { PrivateLink } from '../network/private-link';
import { demandPrincipal, type PrincipalType } from '../operations/principal';
import { assignRole, Role } from '../operations/roles';
import { checkLocation } from '../props/location';
import { globalName } from '../props/names';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP, resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import type { RoleAssignment } from '../provider/azurerm';
import { ML_READING, ML_TYPES } from './api';
import { checkMlName } from './names';
import type { RegistryBody } from './workspace-bodies';

/** Properties for `ModelRegistry`. */
export interface ModelRegistryProps {
  /** The group that it stands in, and its first region, which can never change. */
  readonly resourceGroup: IResourceGroup;
  /** Further regions that have a copy of everything: those of the workspaces that use it. @default - none */
  readonly locations?: readonly string[];
  /** The network from which it is reached. @default - none: make a private endpoint elsewhere */
  readonly network?: IMlNetwork;
  /** Whether it is reached from the internet, by those who may. @default false */
  readonly publicAccess?: boolean;
  /** Its name, 3 to 32 characters, unique in the tenant: it is part of the id of each model. @default - made of its path and the subscription */
  readonly registryName?: string;
}

const SHAPE: Shape<ModelRegistryProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  locations: listOf(TEXT),
  network: ML_NETWORK,
  publicAccess: FLAG,
  registryName: TEXT,
};

const LONGEST_NAME = 32;

/**
 * Models, environments and components that several workspaces share, such as those of development and production. Azure ML keeps them in
 * storage and a registry of images of its own in your subscription.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-registries
 */
export class ModelRegistry extends Construct {
  public readonly resource: AzapiResource;

  constructor(scope: Construct, id: string, props: ModelRegistryProps) {
    super(scope, id);
    const problems = new Problems();
    checkModelRegistry(problems, props);
    problems.throwIfAny(this);
    const { resourceGroup, locations = [], network } = props;
    const body: RegistryBody = {
      properties: {
        publicNetworkAccess: props.publicAccess ? 'Enabled' : 'Disabled',
        regionDetails: [...new Set([resourceGroup.location, ...locations])].map(regionOf),
      },
    };
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.registry,
      ...ML_READING,
      name: props.registryName ?? globalName(this, LONGEST_NAME),
      parentId: resourceGroupId(this, resourceGroup),
      location: resourceGroup.location,
      identity: { type: 'SystemAssigned' },
      body,
      responseExportValues: ['properties.mlFlowRegistryUri'],
      lifecycle: { preventDestroy: true },
      timeouts: { create: '60m', update: '60m', delete: '60m' },
    });
    if (network) new PrivateLink(this, 'Link', { resourceGroup, network, resourceId: this.id, target: 'amlregistry' });
    recordReach(this, props);
  }

  /** Resource id. */
  get id(): string {
    return this.resource.id;
  }

  get registryName(): string {
    return this.resource.name;
  }

  /** Where MLflow keeps models: `mlflow.set_registry_uri(…)`. */
  get registryUri(): string {
    return this.resource.outputAt('properties.mlFlowRegistryUri');
  }

  /** Lets someone, by object id, read what is in it, and use it in a workspace. */
  grantRead(id: string, principalId: string, principalType?: PrincipalType): RoleAssignment {
    return this.grant(id, Role.READER, principalId, principalType);
  }

  /** Lets someone, by object id, read what is in it, and add to it. */
  grantUse(id: string, principalId: string, principalType?: PrincipalType): RoleAssignment {
    return this.grant(id, Role.AML_REGISTRY_USER, principalId, principalType);
  }

  private grant(
    id: string,
    role: Role,
    principalId: string,
    principalType: PrincipalType = 'ServicePrincipal',
  ): RoleAssignment {
    demandPrincipal(this, { id, principalId, principalType });
    return assignRole(this, id, { role, on: this.id, to: principalId, principalType });
  }
}

/** Adds what is wrong with a registry. */
export function checkModelRegistry(problems: Problems, props: ModelRegistryProps): void {
  if (!fits(problems, props, SHAPE)) return;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  props.locations?.forEach((location, index) => {
    checkLocation(problems, `locations[${index}]`, location);
  });
  checkMlName(problems, 'registry', 'registryName', props.registryName);
}

/** A copy in three zones, and none that is public. */
function regionOf(location: string): RegistryBody['properties']['regionDetails'][number] {
  const systemCreatedStorageAccount = {
    storageAccountType: 'Standard_ZRS',
    storageAccountHnsEnabled: false,
    allowBlobPublicAccess: false,
  } as const;
  return {
    location,
    storageAccountDetails: [{ systemCreatedStorageAccount }],
    acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: 'Premium' } }],
  };
}

function recordReach(scope: Construct, { network, publicAccess }: ModelRegistryProps): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-registry-network-isolation';
  if (publicAccess) {
    record(scope, {
      id: 'network/public-workspace',
      level: 'warning',
      message: 'The registry is reached from the internet, by whoever has a right in Entra.',
      fix: 'Give network, and leave publicAccess out.',
      evidence,
    });
  } else if (!network) {
    record(scope, {
      id: 'network/no-private-endpoint',
      level: 'warning',
      message:
        'The registry is closed to the internet, and no private endpoint leads to it: nobody reaches its models.',
      fix: 'Give network, or make the endpoint elsewhere and acknowledge this.',
      evidence,
    });
  }
}
