import type { MonitoringAlertPolicyConfig } from '../provider/google';
import type { MetricQuery } from './endpoint-metrics';

/** The condition of an alert. */
export interface AlertRule {
  /** What happens then, as the end of a sentence that starts with the endpoint. */
  readonly title: string;
  readonly query: MetricQuery;
  /** Denominator, if the threshold is a ratio. @default - the threshold is a plain value */
  readonly outOf?: MetricQuery;
  /** Threshold: the alert fires above it. */
  readonly above: number;
  /** How long the value must stay above the threshold. */
  readonly seconds: number;
}

/** Converts a rule to an alert policy of the provider. @param path the path of the construct, for the name of the policy */
export function alertPolicy(path: string, rule: AlertRule, channels: readonly string[]): MonitoringAlertPolicyConfig {
  const { title, query, outOf, above, seconds } = rule;
  return {
    displayName: `${path} ${title}`,
    combiner: 'OR',
    notificationChannels: channels.length > 0 ? [...channels] : undefined,
    alertStrategy: { autoClose: AUTO_CLOSE },
    conditions: [
      {
        displayName: title,
        conditionThreshold: {
          filter: query.filter,
          aggregations: aggregations(query),
          denominatorFilter: outOf?.filter,
          denominatorAggregations: outOf && aggregations(outOf),
          comparison: 'COMPARISON_GT',
          thresholdValue: above,
          duration: `${seconds}s`,
          // Without requests, no request can fail or be slow.
          evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE',
        },
      },
    ],
  };
}

/** 30 minutes, the minimum of Cloud Monitoring. @see https://cloud.google.com/monitoring/alerts/concepts-indepth */
const AUTO_CLOSE = '1800s';

function aggregations({ aligner, reducer }: MetricQuery) {
  return [{ alignmentPeriod: '60s', perSeriesAligner: aligner, crossSeriesReducer: reducer }];
}
