import { ArnFormat, Names, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { managedRules, rateRule, sizeRules } from './firewall-rules';

/** Properties for `GatewayFirewall`. */
export interface GatewayFirewallProps {
  readonly api: RestApi;
  /** Largest body, in KiB. */
  readonly maxBodyKiB: number;
  /** Requests of one address in five minutes. */
  readonly requestsPerAddress: number;
  /** Requests of one API key in five minutes. @default - callers have no keys */
  readonly requestsPerKey?: number;
  readonly logRetention?: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * What is judged before a request costs anything: its size, how often its sender comes, and whether it looks like an attack on the server.
 * Prompts are left out of the rules that mistake code and markup for one, and out of the logs.
 */
export class GatewayFirewall extends Construct {
  public readonly webAcl: CfnWebACL;
  public readonly logs: EncryptedLogGroup;

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
      // Its metrics know it by this name, so no two may share one.
      visibilityConfig: visibility(Names.uniqueResourceName(this, { maxLength: 128, separator: '-' })),
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
      dataProtectionConfig: { dataProtections: UNLOGGED.map(unlogged) },
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: this.webAcl.attrArn,
    });
    this.logs = new EncryptedLogGroup(this, 'Logs', {
      // WAF delivers to groups whose name begins so. The id of the API keeps a group that was retained out of the way of the next.
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

/** What no log may hold, not even as the piece that matched a rule. @see https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-masking.html */
const UNLOGGED: readonly CfnWebACL.FieldToProtectProperty[] = [
  { fieldType: 'BODY' },
  { fieldType: 'QUERY_STRING' },
  { fieldType: 'SINGLE_HEADER', fieldKeys: ['authorization', 'x-api-key'] },
];

function unlogged(field: CfnWebACL.FieldToProtectProperty): CfnWebACL.DataProtectProperty {
  return { field, action: 'SUBSTITUTION', excludeRateBasedDetails: false, excludeRuleMatchDetails: false };
}

/** Samples would show headers of callers to whoever opens the console. */
function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

/** WAF refuses the ARN of a log group as CloudFormation gives it, which ends in `:*`. */
function arnWithoutStar({ logGroup }: EncryptedLogGroup): string {
  return Stack.of(logGroup).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
