/** A time series of Cloud Monitoring, for alerts and charts of your own. */
export interface MetricQuery {
  /** Monitoring filter: the resource and the metric. */
  readonly filter: string;
  /**
   * Aligner of each series, by the name in the Cloud Monitoring API.
   *
   * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aligner
   */
  readonly aligner:
    'ALIGN_RATE' | 'ALIGN_DELTA' | 'ALIGN_MEAN' | 'ALIGN_PERCENTILE_50' | 'ALIGN_PERCENTILE_95' | 'ALIGN_PERCENTILE_99';
  /**
   * Reducer across the series, by the name in the Cloud Monitoring API.
   *
   * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Reducer
   */
  readonly reducer: 'REDUCE_SUM' | 'REDUCE_MEAN' | 'REDUCE_MAX';
}

/** The metrics of an endpoint in Cloud Monitoring. */
export interface EndpointMetrics {
  /** Requests per second. */
  readonly requests: MetricQuery;
  /** Failed requests per second. */
  readonly errors: MetricQuery;
  /** Latency of complete responses in milliseconds, by percentile. */
  readonly latency: (percentile: 50 | 95 | 99) => MetricQuery;
  /** Number of replicas or instances. */
  readonly replicas: MetricQuery;
  /** Accelerator utilization, a fraction of the time. */
  readonly acceleratorUtilization: MetricQuery;
}

/**
 * Returns the metrics of a Cloud Run service. The name of the GPU metric comes from several users; the list itself was not read, unverified.
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
    acceleratorUtilization: {
      filter: of('container/gpu/utilizations'),
      aligner: 'ALIGN_PERCENTILE_50',
      reducer: 'REDUCE_MEAN',
    },
  };
}

/**
 * Returns the metrics of a Vertex AI endpoint, all of them in beta. Response codes are complete codes or classes.
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
    acceleratorUtilization: { filter: of('accelerator/duty_cycle'), aligner: 'ALIGN_MEAN', reducer: 'REDUCE_MEAN' },
  };
}
