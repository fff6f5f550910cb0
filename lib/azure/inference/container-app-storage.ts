import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { ContainerAppEnvironmentStorage } from '../provider/azurerm';
import type { IContainerAppEnvironment } from './container-app-environment';
import { type ContainerAppModel, MODEL_MOUNT } from './container-app-model';

/** The volume of a model, for the container app. */
export interface ModelStorage {
  readonly mounts: { readonly name: string; readonly path: string }[];
  readonly volumes: { readonly name: string; readonly storageType: string; readonly storageName: string }[];
  /** Resources to create before the app. */
  readonly before: ITerraformDependable[];
}

const NAME = 'model';

/**
 * Mounts the file share of a model read-only. Returns undefined if the model is not on a share.
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
