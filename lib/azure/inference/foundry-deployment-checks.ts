import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { ScreeningStrength } from '../gateway/prompt-screening';
import { checkResourceGroup } from '../props/resource-group';
import type { Blocklist, ContentPolicy, ContentPolicyOptions } from './content-policy';
import type { FoundryDeploymentProps } from './foundry-deployment';
import { FOUNDRY_DEPLOYMENT_PROPS } from '../prop-schemas';

/** Adds each problem in the props of a deployment. */
export function checkFoundryDeployment(problems: ProblemCollector, props: FoundryDeploymentProps): void {
  if (!validateProps(problems, props, FOUNDRY_DEPLOYMENT_PROPS)) return;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkAccountName(problems, props.accountName);
  checkModels(problems, props.models);
  if (props.contentPolicy) checkPolicy(problems.within('contentPolicy'), props.contentPolicy);
}

// Source: azurerm, validate.AccountName. The name is also a subdomain: lower case, without periods.
const ACCOUNT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/;

/** Adds a problem if the name of an account cannot be a subdomain. A token passes. */
export function checkAccountName(problems: ProblemCollector, name: string | undefined): void {
  if (name === undefined || isUnknown(name) || ACCOUNT_NAME.test(name)) return;
  problems.add({
    code: 'AzureName',
    prop: 'accountName',
    allowed: '2 to 60 lower-case letters, digits and hyphens, with no hyphen at either end',
    got: name,
    fix: 'Use a valid name, or leave it out.',
  });
}

/** Unverified: other parts of an account have names with this pattern (raiPolicies@2026-05-01), of 2 to 64 characters. */
const DEPLOYMENT_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,63}$/;

function checkModels(problems: ProblemCollector, models: FoundryDeploymentProps['models']): void {
  const named = Object.entries(models);
  if (named.length === 0) {
    problems.add({
      code: 'ServedModels',
      prop: 'models',
      allowed: 'an object with at least one model',
      got: models,
      fix: 'Add a model by the name that requests use.',
    });
  }
  for (const [name, { capacity }] of named) {
    const of = problems.within('models');
    if (!DEPLOYMENT_NAME.test(name)) {
      of.add({
        code: 'AzureName',
        prop: name,
        allowed: 'a name of 2 to 64 letters, digits and any of -._ that begins with a letter or digit',
        got: name,
        fix: 'Choose the name that requests use for the model.',
      });
    }
    capacity.check(of.within(`${name}.capacity`));
  }
}

function checkPolicy(problems: ProblemCollector, { options, existingName }: ContentPolicy): void {
  if (existingName !== undefined && !isUnknown(existingName) && !POLICY_NAME.test(existingName)) {
    const fix = 'Copy the name from the account, for example Microsoft.DefaultV2.';
    wrong(problems, 'name', 'the name of a policy of the account', existingName, fix);
  }
  if (!options) return;
  if (filtersNothing(options)) {
    const fix = "Enable a filter, or use ContentPolicy.fromPolicyName('Microsoft.DefaultV2').";
    wrong(problems, 'harmfulContent', 'stronger than NONE if no other filter is on', options.harmfulContent, fix);
  }
  for (const [name, list] of Object.entries(options.blocklists ?? {}))
    checkBlocklist(problems.within('blocklists'), name, list);
}

/** Source: Microsoft.CognitiveServices/accounts/raiPolicies@2026-05-01, `name`. */
const POLICY_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** Source: Microsoft.CognitiveServices/accounts/raiBlocklists@2026-05-01, `name`. The length is from azurerm (unverified). */
const BLOCKLIST_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{1,63}$/;

function filtersNothing(options: ContentPolicyOptions): boolean {
  const { harmfulContent, promptAttacks = true, documentAttacks = true, protectedMaterial = true } = options;
  const others = promptAttacks || documentAttacks || protectedMaterial;
  return harmfulContent === ScreeningStrength.NONE && !others && Object.keys(options.blocklists ?? {}).length === 0;
}

function checkBlocklist(problems: ProblemCollector, name: string, { terms = [], patterns = [] }: Blocklist): void {
  const all = [...terms, ...patterns];
  if (!BLOCKLIST_NAME.test(name)) {
    const allowed = 'a name of 2 to 64 letters, digits, hyphens and underscores that begins with a letter or digit';
    wrong(problems, name, allowed, name, 'Use another name.');
  }
  if (all.length === 0)
    wrong(problems, name, 'a list with at least one term or pattern', [], 'Add one, or leave the blocklist out.');
  if (new Set(all).size < all.length) wrong(problems, name, 'a list of unique terms', all, 'Remove the duplicates.');
  patterns.forEach((pattern, index) => {
    if (isUnknown(pattern) || isPattern(pattern)) return;
    wrong(
      problems,
      `${name}.patterns[${index}]`,
      'a valid regular expression',
      pattern,
      'Check its brackets and escapes.',
    );
  });
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function wrong(problems: ProblemCollector, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'ContentPolicy', prop, allowed, got, fix });
}
