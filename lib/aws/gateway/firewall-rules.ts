import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { RATE_WINDOW_SECONDS, WAF_BODY_KIB } from './gateway-limits';

/** A rule but for what all rules of an ACL share. */
export type FirewallRule = Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

/** Refuses what is larger than a request may be. Beyond the 64 KiB that WAF sees, the function behind it holds the limit. */
export function sizeRules(maxBodyKiB: number): FirewallRule[] {
  if (maxBodyKiB > WAF_BODY_KIB) return [];
  return [
    {
      name: 'BodySize',
      action: { block: { customResponse: { responseCode: 413 } } },
      statement: {
        sizeConstraintStatement: {
          fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
          comparisonOperator: 'GT',
          size: maxBodyKiB * 1024,
          textTransformations: [{ priority: 0, type: 'NONE' }],
        },
      },
    },
  ];
}

/** Refuses for a while who comes more often than that in five minutes. */
export function rateRule(
  name: string,
  limit: number,
  key: Pick<CfnWebACL.RateBasedStatementProperty, 'aggregateKeyType' | 'customKeys'>,
): FirewallRule {
  return {
    name,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: { rateBasedStatement: { limit, evaluationWindowSec: RATE_WINDOW_SECONDS, ...key } },
  };
}

/**
 * Rules of the common set that take a prompt for an attack: markup, paths and addresses are what people ask models about, and none of it is
 * run or rendered here. They count, for whoever wants to look.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const COUNTED_ON_BODIES = [
  // Larger than 8 KB: the size has a rule of its own.
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
];

const MANAGED: readonly (readonly [name: string, counted: readonly string[]])[] = [
  ['AWSManagedRulesAmazonIpReputationList', []],
  ['AWSManagedRulesCommonRuleSet', COUNTED_ON_BODIES],
  ['AWSManagedRulesKnownBadInputsRuleSet', []],
];

/** The rule groups that AWS keeps. */
export function managedRules(): FirewallRule[] {
  return MANAGED.map(([name, counted]) => ({
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
  }));
}
