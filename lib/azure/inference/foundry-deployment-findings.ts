import type { Construct } from 'constructs';
import { record } from '../../terraform/findings';
import { type FoundryDeploymentProps, ModelUpgrade } from './foundry-deployment-props';

/** Records what is doubtful about a deployment. */
export function recordFoundryFindings(scope: Construct, { models }: FoundryDeploymentProps): void {
  const named = Object.entries(models);
  const list = (chosen: typeof named) => chosen.map(([name]) => name).join(', ');
  const abroad = named.filter(([, { capacity }]) => capacity.place !== 'region');
  const everywhere = abroad.some(([, { capacity }]) => capacity.place === 'anywhere');
  if (abroad.length > 0) {
    record(scope, {
      id: 'model/leaves-region',
      level: everywhere ? 'warning' : 'info',
      message: `Prompts to ${list(abroad)} may be processed in other regions${everywhere ? ', anywhere in the world' : ' of the data zone'}; only what is stored stays.`,
      fix: 'Use ModelCapacity.standard() or provisioned(), or acknowledge this.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/deployment-types',
    });
  }
  const moving = named.filter(([, { upgrade }]) => upgrade === ModelUpgrade.WHEN_DEFAULT_CHANGES);
  if (moving.length > 0) {
    record(scope, {
      id: 'model/moves',
      level: 'warning',
      message: `${list(moving)} may become another version at any time, and answer otherwise than it was tested.`,
      fix: 'Use ModelUpgrade.WHEN_RETIRED, and change the version here.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/working-with-models',
    });
  }
  const ending = named.filter(([, { upgrade }]) => upgrade === ModelUpgrade.NEVER);
  if (ending.length > 0) {
    record(scope, {
      id: 'model/ends',
      level: 'info',
      message: `${list(ending)} stops answering on the day that its version is retired.`,
      fix: 'Watch the notices of Azure Service Health, or use ModelUpgrade.WHEN_RETIRED.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/model-retirements',
    });
  }
}
