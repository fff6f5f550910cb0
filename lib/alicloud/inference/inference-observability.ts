import { Construct, type IConstruct } from 'constructs';
import { maxResponseMs } from '../../core/planning/serving/serving-rate';
import type { ProblemCollector } from '../../core/errors';
import { validated } from '../../core/prop-schema';
import type { ServingLoad } from '../../core/workload/serving-load';
import { jsonText } from '../../terraform/json-text';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { isUnknown } from '../../terraform/tokens';
import { CurrentAccount } from '../operations/current-account';
import { INFERENCE_OBSERVABILITY_PROPS } from '../prop-schemas';
import { CmsAlarm, CmsEventRule } from '../provider/alicloud';

/** What Cloud Monitor has about an endpoint. */
export interface EndpointMonitoring {
  /** Name of a function, whose metrics trigger alarms. @default - no metrics: Cloud Monitor publishes none of EAS for alarms */
  readonly functionName?: string;
  /** Code of the product whose events trigger alarms, for example `learn` for PAI. @default - no events */
  readonly eventProduct?: string;
}

/** An endpoint with alarms, for example an `InferenceEndpoint` or a `FunctionInference`. */
export interface ObservedEndpoint {
  /** What Cloud Monitor has about the endpoint. */
  readonly monitoring: EndpointMonitoring;
}

/** Properties for `InferenceObservability`. */
export interface InferenceObservabilityProps {
  /** Endpoint to observe. */
  readonly endpoint: ObservedEndpoint;
  /** Load whose latency targets and requests the alarms use. @default - no latency alarm */
  readonly load?: ServingLoad;
  /** Names of existing contact groups of Cloud Monitor, 1 to 10. A new contact must confirm an email first, so Terraform cannot create a group. */
  readonly alertContactGroups: readonly string[];
}

/** Errors per minute above which an alarm fires, without a load. Our choice. */
const MAX_ERRORS = 5;
/** Fraction of the requests, with a load. Our choice, the same as on other clouds. */
const MAX_ERROR_SHARE = 0.01;
const SECONDS_PER_MINUTE = 60;
/** Minutes above the threshold: one bad minute does not fire an alarm. */
const TIMES = 3;
/** Seconds between two messages about the same alarm. */
const SILENCE_SECONDS = 3600;
const MAX_GROUPS = 10;

/**
 * Alarms of Cloud Monitor for an endpoint. A function has alarms for failed requests, throttled requests, and latency above the target. For EAS, an alarm
 * reports the warnings and failures that the service publishes as events, for all EAS services of the account.
 *
 * @see https://www.alibabacloud.com/help/en/pai/view-serviceinstance-events-in-cloudmonitor
 * @example
 * ```ts
 * import { type FunctionInference, InferenceObservability } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * declare const endpoint: FunctionInference;
 * new InferenceObservability(stack, 'Observability', { endpoint, alertContactGroups: ['ml-oncall'] });
 * ```
 */
export class InferenceObservability extends Construct {
  /** Alarm for failed requests. @default - the endpoint is not a function */
  public readonly errors?: CmsAlarm;
  /** Alarm for requests above the maximum number of instances. @default - the endpoint is not a function */
  public readonly throttles?: CmsAlarm;
  /** Alarm for responses that take longer than the latency target. @default - no latency target, or the endpoint is not a function */
  public readonly latency?: CmsAlarm;
  /** Alarm for warnings and failures of the service. @default - the endpoint has no events */
  public readonly events?: CmsEventRule;

  constructor(scope: Construct, id: string, props: InferenceObservabilityProps) {
    super(scope, id);
    checkProviders(this);
    validated(this, props, INFERENCE_OBSERVABILITY_PROPS, (problems) =>
      checkContactGroups(problems, props.alertContactGroups),
    );
    const { endpoint, load, alertContactGroups: groups } = props;
    const { functionName, eventProduct } = endpoint.monitoring;
    if (functionName !== undefined) {
      const alarm = (child: string, metric: string, threshold: number) =>
        this.alarm(child, { metric, threshold, functionName, groups });
      this.errors = alarm('Errors', 'FunctionHTTPStatus5xx', errorsPerMinute(load));
      this.throttles = alarm('Throttles', 'FunctionConcurrencyThrottles', 0);
      const limitMs = load && maxResponseMs(load);
      if (limitMs !== undefined) this.latency = alarm('Latency', 'FunctionP99Duration', limitMs);
    }
    if (eventProduct !== undefined) this.events = this.eventRule(eventProduct, groups);
  }

  /** @see https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/monitoring-data */
  private alarm(id: string, { metric, threshold, functionName, groups }: Alarm): CmsAlarm {
    return new CmsAlarm(this, id, {
      name: physicalName(this) + `-${id.toLowerCase()}`,
      project: 'acs_fc',
      metric,
      metricDimensions: jsonText([{ region: CurrentAccount.of(this).region, functionName }]),
      period: SECONDS_PER_MINUTE,
      silenceTime: SILENCE_SECONDS,
      contactGroups: [...groups],
      escalationsCritical: {
        statistics: 'Value',
        comparisonOperator: '>',
        threshold: String(threshold),
        times: TIMES,
      },
    });
  }

  private eventRule(product: string, groups: readonly string[]): CmsEventRule {
    return new CmsEventRule(this, 'Events', {
      ruleName: physicalName(this),
      description: 'Warnings and failures of EAS services',
      status: 'ENABLED',
      silenceTime: SILENCE_SECONDS,
      eventPattern: { product, levelList: ['WARN', 'CRITICAL'], eventTypeList: ['*'] },
      contactParameters: groups.map((contactGroupName, index) => ({
        contactParametersId: String(index + 1),
        contactGroupName,
        // Email and chat, without messages to phones. @see https://www.alibabacloud.com/help/en/cms/developer-reference/api-cms-2019-01-01-puteventruletargets
        level: '4',
      })),
    });
  }
}

interface Alarm {
  readonly metric: string;
  /** The alarm fires above it. */
  readonly threshold: number;
  readonly functionName: string;
  readonly groups: readonly string[];
}

function errorsPerMinute(load: ServingLoad | undefined): number {
  if (load?.requestsPerSecond === undefined) return MAX_ERRORS;
  return Math.ceil(load.requestsPerSecond * SECONDS_PER_MINUTE * MAX_ERROR_SHARE);
}

/** Adds a problem if the list of contact groups is empty, too long, or has an invalid name. */
export function checkContactGroups(
  problems: ProblemCollector,
  groups: readonly string[],
  prop = 'alertContactGroups',
): void {
  const wrong = (at: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'AlertContact', prop: at, allowed, got, fix });
  if (groups.length < 1 || groups.length > MAX_GROUPS)
    wrong(prop, `a list of 1 to ${MAX_GROUPS} contact groups`, groups.length, 'Use groups of Cloud Monitor.');
  groups.forEach((group, index) => {
    if (isUnknown(group) || (/^\S(.{0,98}\S)?$/.test(group) && groups.indexOf(group) === index)) return;
    wrong(`${prop}[${index}]`, 'the name of a contact group that is listed once', group, 'Copy it from the console.');
  });
}

/** Whether a construct has metrics or events in Cloud Monitor. */
export function isObserved<T extends IConstruct & Partial<ObservedEndpoint>>(
  endpoint: T,
): endpoint is T & ObservedEndpoint {
  return endpoint.monitoring !== undefined;
}
