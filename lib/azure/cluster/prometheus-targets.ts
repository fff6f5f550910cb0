import type { KubernetesManifest } from '../../kubernetes';

/** Pod labels of the GPU operator and of the chart of the exporter. */
const EXPORTERS = 'nvidia-dcgm-exporter|dcgm-exporter';

const SOURCE = '__meta_kubernetes_pod_label';

/**
 * Configures the AKS metrics add-on to scrape GPU metrics from DCGM. The built-in setting `dcgmexporter` of `ama-metrics-settings-configmap` supports
 * only the exporter of the AKS driver, at a port of the node.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/containers/prometheus-metrics-scrape-configuration
 *
 * Source: Azure/prometheus-collector 3af8b46, otelcollector/configmapparser/default-prom-configs/dcgmExporterDefault.yml; read 2026-11.
 */
export function gpuMetrics(): KubernetesManifest {
  const config = {
    scrape_configs: [
      {
        job_name: 'dcgm',
        scrape_interval: '30s',
        kubernetes_sd_configs: [{ role: 'pod' }],
        relabel_configs: [
          {
            source_labels: [`${SOURCE}_app`, `${SOURCE}_app_kubernetes_io_name`],
            separator: '|',
            regex: `(.*\\|)?(${EXPORTERS})(\\|.*)?`,
            action: 'keep',
          },
          { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'metrics', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node', action: 'replace' },
        ],
      },
    ],
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'ama-metrics-prometheus-config', namespace: 'kube-system' },
    // JSON is YAML.
    data: { 'prometheus-config': JSON.stringify(config) },
  };
}
