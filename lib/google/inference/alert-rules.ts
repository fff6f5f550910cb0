import type { MonitoringAlertPolicyConfig } from '../provider/google';
import type { MetricQuery } from './endpoint-metrics';

/** When an alert speaks. */
export interface AlertRule {
  /** What is then the case, as the end of a sentence about the endpoint. */
  readonly title: string;
  readonly query: MetricQuery;
  /** What the query is a share of. @default - it is no share */
  readonly outOf?: MetricQuery;
  readonly above: number;
  /** How long it must last. */
  readonly seconds: number;
}

/** An alert in the words of the provider. @param path the construct that it speaks for */
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
          // Without requests there is nothing to be late or wrong.
          evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE',
        },
      },
    ],
  };
}

/** Half an hour, the least that Cloud Monitoring takes. @see https://cloud.google.com/monitoring/alerts/concepts-indepth */
const AUTO_CLOSE = '1800s';

function aggregations({ aligner, reducer }: MetricQuery) {
  return [{ alignmentPeriod: '60s', perSeriesAligner: aligner, crossSeriesReducer: reducer }];
}
