import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';
import type { IMlNetwork } from '../network/ml-network';
import { PrivateLink } from '../network/private-link';
import { assertPrincipal, type PrincipalType, assignRole, Role } from '../operations/roles';
import { checkLocation } from '../props/location';
import { globalName, checkResourceId } from '../props/resource-id';
import { checkResourceGroup, type IResourceGroup, resourceGroupId } from '../props/resource-group';
import { AzapiResource } from '../provider/azapi';
import type { RoleAssignment } from '../provider/azurerm';
import { ML_READING, ML_TYPES, checkMlName, type RegistryBody } from './workspace-bodies';
import { MODEL_REGISTRY_ATTRIBUTES, MODEL_REGISTRY_PROPS } from '../prop-schemas';

/** A registry of models, environments, and components. */
export interface IModelRegistry {
  /** Resource id of the registry. */
  readonly id: string;
  /** Name of the registry. */
  readonly registryName: string;
  /** MLflow registry URI. */
  readonly registryUri: string;
}

/** Attributes of an existing registry. */
export interface ModelRegistryAttributes {
  /** Resource id of the registry. */
  readonly registryId: string;
  /** Name of the registry. */
  readonly registryName: string;
  /** MLflow registry URI. */
  readonly registryUri: string;
}

/** Properties for `ModelRegistry`. */
export interface ModelRegistryProps {
  /** Resource group of the registry. Its region is the primary region, which can never change. */
  readonly resourceGroup: IResourceGroup;
  /** More regions with a copy of all content: the regions of the workspaces that use it. @default - none */
  readonly locations?: readonly string[];
  /** Network with a private endpoint for the registry. @default - none: create a private endpoint elsewhere */
  readonly network?: IMlNetwork;
  /** Whether the registry has public network access. Callers need a role assignment. @default false */
  readonly publicAccess?: boolean;
  /** Name of the registry, 3 to 32 characters, unique in the tenant. It is part of each model id. @default - derived from the construct path and the subscription */
  readonly registryName?: string;
}

const MAX_NAME_LENGTH = 32;

/**
 * An Azure ML registry: models, environments, and components that several workspaces share, for example development and production. Azure ML creates
 * its storage account and container registry in your subscription.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-registries
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { MlNetwork, ModelRegistry, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const network = new MlNetwork(stack, 'Network', { resourceGroup });
 * new ModelRegistry(stack, 'Registry', { resourceGroup, network });
 * ```
 */
export class ModelRegistry extends Construct implements IModelRegistry {
  /** Imports an existing registry. Creates no resources. */
  static fromModelRegistryAttributes(scope: Construct, id: string, attrs: ModelRegistryAttributes): IModelRegistry {
    return new ImportedRegistry(scope, id, attrs);
  }

  /** The registry. */
  public readonly resource: AzapiResource;

  constructor(scope: Construct, id: string, props: ModelRegistryProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
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
      name: props.registryName ?? globalName(this, MAX_NAME_LENGTH),
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

  /** Resource id of the registry. */
  get id(): string {
    return this.resource.id;
  }

  /** Name of the registry. */
  get registryName(): string {
    return this.resource.name;
  }

  /** MLflow registry URI, for `mlflow.set_registry_uri(…)`. */
  get registryUri(): string {
    return this.resource.outputAt('properties.mlFlowRegistryUri');
  }

  /**
   * Grants permission to read the content, and to use it in a workspace.
   *
   * @param principalId object id of the principal
   * @param principalType type of the principal, by default `ServicePrincipal`
   */
  grantRead(id: string, principalId: string, principalType?: PrincipalType): RoleAssignment {
    return this.grant(id, Role.READER, principalId, principalType);
  }

  /**
   * Grants permission to read the content and to add to it.
   *
   * @param principalId object id of the principal
   * @param principalType type of the principal, by default `ServicePrincipal`
   */
  grantUse(id: string, principalId: string, principalType?: PrincipalType): RoleAssignment {
    return this.grant(id, Role.AML_REGISTRY_USER, principalId, principalType);
  }

  private grant(
    id: string,
    role: Role,
    principalId: string,
    principalType: PrincipalType = 'ServicePrincipal',
  ): RoleAssignment {
    assertPrincipal(this, { id, principalId, principalType });
    return assignRole(this, id, { role, on: this.id, to: principalId, principalType });
  }
}

class ImportedRegistry extends Construct implements IModelRegistry {
  public readonly id: string;
  public readonly registryName: string;
  public readonly registryUri: string;

  constructor(scope: Construct, id: string, attrs: ModelRegistryAttributes) {
    super(scope, id);
    checkProviders(this);
    assertProps(attrs, MODEL_REGISTRY_ATTRIBUTES, { scope: this, name: 'attrs' });
    const problems = new ProblemCollector();
    checkResourceId(problems, 'registryId', attrs.registryId, 'Microsoft.MachineLearningServices/registries');
    problems.throwIfAny(this);
    this.id = attrs.registryId;
    this.registryName = attrs.registryName;
    this.registryUri = attrs.registryUri;
  }
}

/** Adds each problem of a registry. */
export function checkModelRegistry(problems: ProblemCollector, props: ModelRegistryProps): void {
  if (!validateProps(problems, props, MODEL_REGISTRY_PROPS)) return;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  props.locations?.forEach((location, index) => {
    checkLocation(problems, `locations[${index}]`, location);
  });
  checkMlName(problems, 'registry', 'registryName', props.registryName);
}

/** A zone-redundant copy without public blobs. */
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
      message: 'The registry is reachable from the internet, for principals with a role assignment.',
      fix: 'Set network, and remove publicAccess.',
      evidence,
    });
  } else if (!network) {
    record(scope, {
      id: 'network/no-private-endpoint',
      level: 'warning',
      message: 'The registry has neither public network access nor a private endpoint, so nobody can reach its models.',
      fix: 'Set network, or create the endpoint elsewhere and acknowledge this finding.',
      evidence,
    });
  }
}
