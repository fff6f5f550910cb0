import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { ContainerAppEnvironmentStorage } from '../provider/azurerm';
import type { IContainerAppEnvironment } from './container-app-environment';
import { type ContainerAppModel, MODEL_MOUNT } from './container-app-model';

/** What an app says of the share of its model. */
export interface ModelStorage {
  readonly mounts: { readonly name: string; readonly path: string }[];
  readonly volumes: { readonly name: string; readonly storageType: string; readonly storageName: string }[];
  /** What must stand before the app. */
  readonly before: ITerraformDependable[];
}

const NAME = 'model';

/**
 * The share of a model in an environment, read-only; nothing where it is on none.
 *
 * @see https://learn.microsoft.com/en-us/azure/container-apps/storage-mounts#azure-files
 */
export function modelStorage(
  scope: Construct,
  { source }: ContainerAppModel,
  environment: IContainerAppEnvironment,
): ModelStorage | undefined {
  if (source.kind !== 'share') return undefined;
  const { accountName, shareName } = source;
  const storageName = `${NAME}-${scope.node.addr.slice(-8)}`;
  const storage = new ContainerAppEnvironmentStorage(scope, 'Share', {
    name: storageName,
    containerAppEnvironmentId: environment.id,
    accessMode: 'ReadOnly',
    nfsServerUrl: `${accountName}.file.core.windows.net`,
    shareName: `/${accountName}/${shareName}`,
  });
  return {
    mounts: [{ name: NAME, path: MODEL_MOUNT }],
    volumes: [{ name: NAME, storageType: 'NfsAzureFile', storageName }],
    before: [storage],
  };
}
