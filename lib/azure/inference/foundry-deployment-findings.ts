import type { Construct } from 'constructs';
import { record } from '../../terraform/findings';
import { type FoundryDeploymentProps, ModelUpgrade } from './foundry-deployment-props';
import { ProcessingLocation } from './model-capacity';

/** Records the findings of a deployment. */
export function recordFoundryFindings(scope: Construct, { models }: FoundryDeploymentProps): void {
  const named = Object.entries(models);
  const list = (chosen: typeof named) => chosen.map(([name]) => name).join(', ');
  const abroad = named.filter(([, { capacity }]) => capacity.processingLocation !== ProcessingLocation.REGION);
  const isGlobal = abroad.some(([, { capacity }]) => capacity.processingLocation === ProcessingLocation.GLOBAL);
  if (abroad.length > 0) {
    record(scope, {
      id: 'model/leaves-region',
      level: isGlobal ? 'warning' : 'info',
      message: `Azure can process prompts to ${list(abroad)} in ${isGlobal ? 'any region of the world' : 'other regions of the data zone'}. Only stored data stays in the region.`,
      fix: 'Use ModelCapacity.standard() or provisioned(), or acknowledge this finding.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/deployment-types',
    });
  }
  const moving = named.filter(([, { upgrade }]) => upgrade === ModelUpgrade.WHEN_DEFAULT_CHANGES);
  if (moving.length > 0) {
    record(scope, {
      id: 'model/auto-upgrade',
      level: 'warning',
      message: `${list(moving)} can change to another version at any time, with other answers than the tested ones.`,
      fix: 'Use ModelUpgrade.WHEN_RETIRED, and change the version in your code.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/working-with-models',
    });
  }
  const ending = named.filter(([, { upgrade }]) => upgrade === ModelUpgrade.NEVER);
  if (ending.length > 0) {
    record(scope, {
      id: 'model/retires',
      level: 'info',
      message: `${list(ending)} stops on the day that Azure retires its version.`,
      fix: 'Monitor the notices of Azure Service Health, or use ModelUpgrade.WHEN_RETIRED.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/model-retirements',
    });
  }
}
