import type { KubernetesManifest } from '../../kubernetes';

/** Labels by which the GPU operator and the exporter's own chart name their pods. */
const EXPORTERS = 'nvidia-dcgm-exporter|dcgm-exporter';

const SOURCE = '__meta_kubernetes_pod_label';

/**
 * Tells the metrics add-on of AKS to read DCGM, the figures of GPUs. Its own switch for that, `dcgmexporter` of `ama-metrics-settings-configmap`,
 * looks for the exporter of AKS's managed driver, at a port of the node, and finds none of these.
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
