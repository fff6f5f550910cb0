import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, brand, required, validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import type { AlicloudMachine } from '../machine/machine';
import { ALICLOUD_MACHINE, QUOTA_ALARM_PROPS, QUOTA_OPTIONS } from '../prop-schemas';
import { QuotasQuotaAlarm } from '../provider/alicloud';
import { CurrentAccount } from './current-account';

/** Names of a quota in Quota Center. */
export interface QuotaOptions {
  /** Code of the product, for example `ecs`. */
  readonly productCode: string;
  /** Code of the quota, for example `q_security-groups`. */
  readonly quotaActionCode: string;
  /** Dimensions of the quota by key, in addition to the region. @default - none */
  readonly dimensions?: Readonly<Record<string, string>>;
}

/**
 * A quota of the account.
 *
 * @example
 * ```ts
 * import { AlicloudMachine, Quota } from 'ai-infra-constructs/alicloud';
 *
 * const quota = Quota.ofMachine(AlicloudMachine.ECS_EBMGN8V_48XLARGE);
 * ```
 */
export class Quota {
  /**
   * The quota of an instance type.
   *
   * @see https://www.alibabacloud.com/help/en/quota-center/developer-reference/api-quotas-2020-05-10-listproductquotas
   */
  static ofMachine(machine: AlicloudMachine): Quota {
    assertProps({ machine }, { machine: required(ALICLOUD_MACHINE) });
    return new Quota({ productCode: 'ecs-spec', quotaActionCode: machine.name }, false);
  }

  /** Any quota: `aliyun quotas ListProductQuotas` lists the codes. */
  static of(options: QuotaOptions): Quota {
    assertProps(options, QUOTA_OPTIONS, { name: 'options' });
    return new Quota(options, true);
  }

  private constructor(
    /** @internal Codes of the quota. */
    public readonly options: QuotaOptions,
    /** @internal Whether the user named all dimensions. */
    public readonly isComplete: boolean,
  ) {}
}

brand(Quota, 'alicloud.Quota');

/** Properties for `QuotaAlarm`. */
export interface QuotaAlarmProps {
  /** Quota to watch. */
  readonly quota: Quota;
  /** Percentage of the quota in use at which the alarm is raised, from 1 to 100. @default 80 */
  readonly usedPercent?: number;
  /** HTTPS address that receives the alarm, in addition to the contacts of the account. @default - none */
  readonly webHook?: string;
}

const USED_PERCENT = 80;
const PERCENT_BOUNDS = { min: 1, max: 100 };

/**
 * An alarm when most of a quota in the region of the provider is in use, before nodes fail to start.
 *
 * @see https://www.alibabacloud.com/help/en/quota-center/developer-reference/api-quotas-2020-05-10-createquotaalarm
 * @example
 * ```ts
 * import { AlicloudMachine, Quota, QuotaAlarm } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new QuotaAlarm(stack, 'Gpus', { quota: Quota.ofMachine(AlicloudMachine.ECS_EBMGN8V_48XLARGE) });
 * ```
 */
export class QuotaAlarm extends Construct {
  /** The alarm in Terraform. */
  public readonly resource: QuotasQuotaAlarm;

  constructor(scope: Construct, id: string, props: QuotaAlarmProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, QUOTA_ALARM_PROPS)) check(problems, props);
    problems.throwIfAny(this);
    const { quota, usedPercent = USED_PERCENT, webHook } = props;
    const { productCode, quotaActionCode, dimensions = {} } = quota.options;
    const all = { regionId: CurrentAccount.of(this).region, ...dimensions };
    this.resource = new QuotasQuotaAlarm(this, 'Resource', {
      quotaAlarmName: physicalName(this),
      productCode,
      quotaActionCode,
      quotaDimensions: Object.entries(all).map(([key, value]) => ({ key, value })),
      thresholdPercent: usedPercent,
      thresholdType: 'used',
      webHook,
    });
    if (quota.isComplete) return;
    record(this, {
      id: 'quota/dimensions',
      level: 'info',
      message: 'No source lists all dimensions of the quota of an instance type, so the alarm has only the region.',
      fix: 'If the deployment fails, copy them from `aliyun quotas ListProductQuotas`, and use Quota.of.',
      evidence:
        'https://www.alibabacloud.com/help/en/quota-center/developer-reference/api-quotas-2020-05-10-listproductquotas',
    });
  }
}

function check(problems: ProblemCollector, { usedPercent, webHook }: QuotaAlarmProps): void {
  checkBounds(problems, 'QuotaAlarm', 'usedPercent', usedPercent, PERCENT_BOUNDS);
  if (webHook === undefined || isUnknown(webHook) || /^https:\/\/[^\s/]+/.test(webHook)) return;
  const allowed = 'an HTTPS address';
  problems.add({ code: 'QuotaAlarm', prop: 'webHook', allowed, got: webHook, fix: 'Start with https://.' });
}
