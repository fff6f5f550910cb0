import { ArnFormat, Names, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { RATE_WINDOW_SECONDS, WAF_BODY_KIB } from './gateway-options';

/** Properties for `GatewayFirewall`. */
export interface GatewayFirewallProps {
  /** API to protect. */
  readonly api: RestApi;
  /** Maximum body of a request, in KiB. */
  readonly maxBodyKiB: number;
  /** Requests of one IP address in five minutes. */
  readonly requestsPerAddress: number;
  /** Requests of one API key in five minutes. @default - callers have no keys */
  readonly requestsPerKey?: number;
  /** Retention of the logs. @default RetentionDays.ONE_YEAR */
  readonly logRetention?: RetentionDays;
  /** Removal policy of the logs. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Web ACL of a gateway. It blocks large requests, frequent senders, and attacks on the server, before a request costs anything. Rules that
 * mistake code and markup for attacks only count. The logs contain no prompts.
 */
export class GatewayFirewall extends Construct {
  /** The web ACL. */
  public readonly webAcl: CfnWebACL;
  /** Logs of the web ACL, without bodies, queries and credentials. */
  public readonly logs: EncryptedLogGroup;

  /** @internal */
  constructor(scope: Construct, id: string, props: GatewayFirewallProps) {
    super(scope, id);
    const { api, maxBodyKiB, requestsPerAddress, requestsPerKey, logRetention, removalPolicy } = props;
    const rules = [
      ...sizeRules(maxBodyKiB),
      rateRule('PerAddress', requestsPerAddress, { aggregateKeyType: 'IP' }),
      ...(requestsPerKey === undefined ? [] : [rateRule('PerKey', requestsPerKey, BY_KEY)]),
      ...managedRules(),
    ];
    this.webAcl = new CfnWebACL(this, 'Resource', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) })),
      // The name is a dimension of the metrics, so it must be unique.
      visibilityConfig: visibility(Names.uniqueResourceName(this, { maxLength: 128, separator: '-' })),
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
      dataProtectionConfig: { dataProtections: UNLOGGED.map(unlogged) },
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: this.webAcl.attrArn,
    });
    this.logs = new EncryptedLogGroup(this, 'Logs', {
      // WAF requires this prefix. The API ID avoids a conflict with a retained group of an earlier gateway.
      logGroupName: `aws-waf-logs-${api.restApiId}`,
      retention: logRetention,
      removalPolicy,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAcl.attrArn,
      logDestinationConfigs: [arnWithoutStar(this.logs)],
      redactedFields: [
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'x-api-key' } },
        { queryString: {} },
      ],
    });
  }
}

const BY_KEY = {
  aggregateKeyType: 'CUSTOM_KEYS',
  customKeys: [{ header: { name: 'x-api-key', textTransformations: [{ priority: 0, type: 'NONE' }] } }],
};

/** Fields that logs must not contain, also not in the details of a rule match. @see https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-masking.html */
const UNLOGGED: readonly CfnWebACL.FieldToProtectProperty[] = [
  { fieldType: 'BODY' },
  { fieldType: 'QUERY_STRING' },
  { fieldType: 'SINGLE_HEADER', fieldKeys: ['authorization', 'x-api-key'] },
];

function unlogged(field: CfnWebACL.FieldToProtectProperty): CfnWebACL.DataProtectProperty {
  return { field, action: 'SUBSTITUTION', excludeRateBasedDetails: false, excludeRuleMatchDetails: false };
}

/** Sampled requests are off, because they show headers of callers in the console. */
function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

/** CloudFormation returns the ARN of a log group with the suffix `:*`, which WAF rejects. */
function arnWithoutStar({ logGroup }: EncryptedLogGroup): string {
  return Stack.of(logGroup).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

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
