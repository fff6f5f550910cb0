import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { RATE_WINDOW_SECONDS, WAF_BODY_KIB } from './gateway-limits';

/** A rule without the properties that all rules of a web ACL share. */
export type FirewallRule = Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

/** Blocks larger requests. WAF inspects only 64 KiB, so the function enforces larger limits. */
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

/** Blocks a sender with more requests in five minutes, until its rate falls. */
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
 * Rules of the common set that mistake prompts for attacks. Prompts contain markup, paths and URLs, and nothing here runs or renders them.
 * These rules only count.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const COUNTED_ON_BODIES = [
  // Blocks bodies above 8 KB. The rule `BodySize` enforces the size instead.
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

/** The managed rule groups of AWS. */
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
