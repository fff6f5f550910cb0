import { DATA_CLASS_FLOORS, DataClass } from '../../core/data-class';
import type { ProblemCollector } from '../../core/errors';
import { checkResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { checkMlName } from './names';
import type { IWorkspaceStorage, MachineLearningWorkspaceProps } from './workspace-props';

/** Adds each problem of a workspace. The props must have the right types. */
export function checkMlWorkspace(problems: ProblemCollector, props: MachineLearningWorkspaceProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkMlName(problems, 'workspace', 'workspaceName', props.workspaceName);
  checkMlName(problems, 'compute', 'imageBuildCompute', props.imageBuildCompute);
  props.outbound?.check(problems);
  checkResourceId(problems, 'storageAccount.id', props.storageAccount?.id, 'Microsoft.Storage/storageAccounts');
  checkResourceId(problems, 'keyVault.id', props.keyVault?.id, 'Microsoft.KeyVault/vaults');
  checkResourceId(
    problems,
    'containerRegistry.id',
    props.containerRegistry?.id,
    'Microsoft.ContainerRegistry/registries',
  );
  checkResourceId(problems, 'applicationInsights.id', props.applicationInsights?.id, 'Microsoft.Insights/components');
  if (props.storageAccount) checkStorage(problems, props.storageAccount);
  checkReach(problems, props);
}

/** @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-create-workspace-template */
function checkStorage(problems: ProblemCollector, { accountTierInput, isHnsEnabledInput }: IWorkspaceStorage): void {
  const wrong = (allowed: string, got: unknown) =>
    problems.add({
      code: 'WorkspaceStorage',
      prop: 'storageAccount',
      allowed,
      got,
      fix: 'Use another account for the workspace, and add this one as a datastore.',
    });
  if (accountTierInput === 'Premium') wrong('a Standard account', accountTierInput);
  if (isHnsEnabledInput === true) wrong('an account without a hierarchical namespace', 'an account with one');
}

/** Whether a data class requires a customer-managed key. */
export function requiresKey({
  dataClass = DataClass.INTERNAL,
}: Pick<MachineLearningWorkspaceProps, 'dataClass'>): boolean {
  return DATA_CLASS_FLOORS[dataClass].customerKey;
}

function checkReach(problems: ProblemCollector, props: MachineLearningWorkspaceProps): void {
  if (!props.publicAccess || !requiresKey(props)) return;
  problems.add({
    code: 'DataClassFloor',
    prop: 'publicAccess',
    allowed: `false for ${props.dataClass!} data`,
    got: true,
    fix: 'Set network, and use the private endpoint.',
  });
}
