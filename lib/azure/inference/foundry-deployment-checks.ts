import type { Problems } from '../../core/errors';
import { fits } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { ScreeningStrength } from '../gateway/prompt-screening';
import { checkResourceGroup } from '../props/resource-group';
import type { Blocklist, ContentPolicy, ContentPolicyOptions } from './content-policy';
import { FOUNDRY_DEPLOYMENT, type FoundryDeploymentProps } from './foundry-deployment-props';

/** Adds everything in which the props of a deployment contradict themselves, or what Azure takes. */
export function checkFoundryDeployment(problems: Problems, props: FoundryDeploymentProps): void {
  if (!fits(problems, props, FOUNDRY_DEPLOYMENT)) return;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkAccountName(problems, props.accountName);
  checkModels(problems, props.models);
  if (props.contentPolicy) checkPolicy(problems.within('contentPolicy'), props.contentPolicy);
}

// Source: azurerm, validate.AccountName; the name is a subdomain, too, which takes lower case and no period.
const ACCOUNT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/;

/** Adds a problem where the name of an account is none that can be a part of an address. A token passes. */
export function checkAccountName(problems: Problems, name: string | undefined): void {
  if (name === undefined || isUnknown(name) || ACCOUNT_NAME.test(name)) return;
  problems.add({
    code: 'AzureName',
    prop: 'accountName',
    allowed: '2 to 60 lower-case letters, digits and hyphens, with no hyphen at either end',
    got: name,
    fix: 'Shorten it, or leave it out.',
  });
}

/** Recalled, unverified: names of deployments are those of other parts of an account (raiPolicies@2026-05-01), of 2 to 64 characters. */
const DEPLOYMENT_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,63}$/;

function checkModels(problems: Problems, models: FoundryDeploymentProps['models']): void {
  const named = Object.entries(models);
  if (named.length === 0) {
    problems.add({
      code: 'ServedModels',
      prop: 'models',
      allowed: 'one model or more',
      got: models,
      fix: 'Name a model that requests can call.',
    });
  }
  for (const [name, { capacity }] of named) {
    const of = problems.within('models');
    if (!DEPLOYMENT_NAME.test(name)) {
      of.add({
        code: 'AzureName',
        prop: name,
        allowed: 'named by 2 to 64 letters, digits and any of -._, beginning with a letter or digit',
        got: name,
        fix: 'Choose the name that requests call the model by.',
      });
    }
    capacity.check(of.within(`${name}.capacity`));
  }
}

function checkPolicy(problems: Problems, { options, existingName }: ContentPolicy): void {
  if (existingName !== undefined && !isUnknown(existingName) && !POLICY_NAME.test(existingName)) {
    const fix = 'Copy its name, e.g. Microsoft.DefaultV2.';
    wrong(problems, 'name', 'the name of a policy of the account', existingName, fix);
  }
  if (!options) return;
  if (filtersNothing(options)) {
    const fix = "Use ContentPolicy.existing('Microsoft.DefaultV2'), which Azure keeps.";
    wrong(problems, 'harmfulContent', 'stronger than NONE where nothing else is filtered', options.harmfulContent, fix);
  }
  for (const [name, list] of Object.entries(options.blocklists ?? {}))
    checkBlocklist(problems.within('blocklists'), name, list);
}

/** Source: Microsoft.CognitiveServices/accounts/raiPolicies@2026-05-01, `name`. */
const POLICY_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** Source: Microsoft.CognitiveServices/accounts/raiBlocklists@2026-05-01, `name`, and azurerm for the length (recalled, unverified). */
const BLOCKLIST_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{1,63}$/;

function filtersNothing(options: ContentPolicyOptions): boolean {
  const { harmfulContent, promptAttacks = true, documentAttacks = true, protectedMaterial = true } = options;
  const others = promptAttacks || documentAttacks || protectedMaterial;
  return harmfulContent === ScreeningStrength.NONE && !others && Object.keys(options.blocklists ?? {}).length === 0;
}

function checkBlocklist(problems: Problems, name: string, { terms = [], patterns = [] }: Blocklist): void {
  const all = [...terms, ...patterns];
  if (!BLOCKLIST_NAME.test(name)) {
    const allowed = 'named by 2 to 64 letters, digits, hyphens and underscores, beginning with a letter or digit';
    wrong(problems, name, allowed, name, 'Name what it stops.');
  }
  if (all.length === 0) wrong(problems, name, 'terms or patterns, at least one', [], 'List them, or leave it out.');
  if (new Set(all).size < all.length) wrong(problems, name, 'each term once', all, 'Leave out what stands twice.');
  patterns.forEach((pattern, index) => {
    if (isUnknown(pattern) || isPattern(pattern)) return;
    wrong(problems, `${name}.patterns[${index}]`, 'a regular expression', pattern, 'Close its brackets.');
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

function wrong(problems: Problems, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'ContentPolicy', prop, allowed, got, fix });
}
