import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IResourceGroup } from '../props/resource-group';
import {
  MonitorDataCollectionEndpoint,
  MonitorDataCollectionRule,
  MonitorDataCollectionRuleAssociation,
  MonitorWorkspace,
} from '../provider/azurerm';
import type { KubernetesManifest } from '../../kubernetes';

/** Properties for `ManagedPrometheus`. */
export interface ManagedPrometheusProps {
  /** Resource group of the workspace. */
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the cluster. */
  readonly clusterId: string;
}

/** Maximum name length of a data collection endpoint. Source: documentation of the provider, azurerm 4.55.0 (recalled, unverified). */
const LONGEST_ENDPOINT = 44;

const STREAM = 'Microsoft-PrometheusMetrics';

/**
 * An Azure Monitor workspace for the metrics of a cluster, with a data collection rule. The cluster must set `monitorMetrics`.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/containers/kubernetes-monitoring-enable
 */
export class ManagedPrometheus extends Construct {
  /** The Azure Monitor workspace. */
  public readonly workspace: MonitorWorkspace;
  /** The data collection rule. */
  public readonly rule: MonitorDataCollectionRule;

  /** @internal */
  constructor(scope: Construct, id: string, { resourceGroup, clusterId }: ManagedPrometheusProps) {
    super(scope, id);
    checkProviders(this);
    const common = { resourceGroupName: resourceGroup.name, location: resourceGroup.location };
    const name = physicalName(this, LONGEST_ENDPOINT);
    this.workspace = new MonitorWorkspace(this, 'Workspace', { ...common, name });
    const endpoint = new MonitorDataCollectionEndpoint(this, 'Endpoint', { ...common, name, kind: 'Linux' });
    this.rule = new MonitorDataCollectionRule(this, 'Rule', {
      ...common,
      name,
      kind: 'Linux',
      dataCollectionEndpointId: endpoint.id,
      dataSources: { prometheusForwarder: [{ name: 'prometheus', streams: [STREAM] }] },
      destinations: { monitorAccount: [{ name: 'workspace', monitorAccountId: this.workspace.id }] },
      dataFlow: [{ streams: [STREAM], destinations: ['workspace'] }],
    });
    new MonitorDataCollectionRuleAssociation(this, 'Association', {
      name,
      targetResourceId: clusterId,
      dataCollectionRuleId: this.rule.id,
    });
  }
}

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
