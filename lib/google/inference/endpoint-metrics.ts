/** A series of Cloud Monitoring. */
export interface MetricQuery {
  /** As the API filters series: of what resource, and which metric. */
  readonly filter: string;
  /** How points of one series become one a minute. */
  readonly aligner:
    'ALIGN_RATE' | 'ALIGN_DELTA' | 'ALIGN_MEAN' | 'ALIGN_PERCENTILE_50' | 'ALIGN_PERCENTILE_95' | 'ALIGN_PERCENTILE_99';
  /** How several series become one. */
  readonly reducer: 'REDUCE_SUM' | 'REDUCE_MEAN' | 'REDUCE_MAX';
}

/** What an endpoint tells Cloud Monitoring of itself. */
export interface EndpointMetrics {
  /** Requests a second. */
  readonly requests: MetricQuery;
  /** Failed requests a second. */
  readonly errors: MetricQuery;
  /** Milliseconds of a whole answer, by percentile. */
  readonly latency: (percentile: 50 | 95 | 99) => MetricQuery;
  /** Replicas or instances that there are. */
  readonly replicas: MetricQuery;
  /** What the accelerators compute, as a share of their time. */
  readonly acceleratorUse: MetricQuery;
}

/**
 * The series of a service of Cloud Run. That of the GPU is as several users have it; the list itself was not read, unverified.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
 */
export function cloudRunMetrics(service: string, region: string): EndpointMetrics {
  const of = (metric: string, more = '') =>
    `resource.type="cloud_run_revision" AND resource.labels.service_name="${service}" AND resource.labels.location="${region}" AND metric.type="run.googleapis.com/${metric}"${more}`;
  return {
    requests: { filter: of('request_count'), aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' },
    errors: {
      filter: of('request_count', ' AND metric.labels.response_code_class="5xx"'),
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
    },
    latency: (percentile) => ({
      filter: of('request_latencies'),
      aligner: `ALIGN_PERCENTILE_${percentile}`,
      reducer: 'REDUCE_MAX',
    }),
    replicas: { filter: of('container/instance_count'), aligner: 'ALIGN_MEAN', reducer: 'REDUCE_SUM' },
    acceleratorUse: {
      filter: of('container/gpu/utilizations'),
      aligner: 'ALIGN_PERCENTILE_50',
      reducer: 'REDUCE_MEAN',
    },
  };
}

/**
 * The series of an endpoint of Vertex AI, all of them beta; codes of answers are told in full or by their class.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_a_b#gcp-aiplatform
 */
export function vertexMetrics(endpointId: string, region: string): EndpointMetrics {
  const of = (metric: string, more = '') =>
    `resource.type="aiplatform.googleapis.com/Endpoint" AND resource.labels.endpoint_id="${endpointId}" AND resource.labels.location="${region}" AND metric.type="aiplatform.googleapis.com/prediction/online/${metric}"${more}`;
  return {
    requests: { filter: of('response_count'), aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' },
    errors: {
      filter: of('response_count', ' AND metric.labels.response_code=starts_with("5")'),
      aligner: 'ALIGN_RATE',
      reducer: 'REDUCE_SUM',
    },
    latency: (percentile) => ({
      filter: of('prediction_latencies', ' AND metric.labels.latency_type="total"'),
      aligner: `ALIGN_PERCENTILE_${percentile}`,
      reducer: 'REDUCE_MAX',
    }),
    replicas: { filter: of('replicas'), aligner: 'ALIGN_MEAN', reducer: 'REDUCE_SUM' },
    acceleratorUse: { filter: of('accelerator/duty_cycle'), aligner: 'ALIGN_MEAN', reducer: 'REDUCE_MEAN' },
  };
}
