import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { IResourceGroup } from '../props/resource-group';
import {
  MonitorDataCollectionEndpoint,
  MonitorDataCollectionRule,
  MonitorDataCollectionRuleAssociation,
  MonitorWorkspace,
} from '../provider/azurerm';

/** Properties for `ManagedPrometheus`. */
export interface ManagedPrometheusProps {
  readonly resourceGroup: IResourceGroup;
  /** Resource id of the cluster that is read. */
  readonly clusterId: string;
}

/** Longest name of a data collection endpoint. Source: documentation of the provider, azurerm 4.55.0 (recalled, unverified). */
const LONGEST_ENDPOINT = 44;

const STREAM = 'Microsoft-PrometheusMetrics';

/**
 * Where the metrics of a cluster go: a workspace of Azure Monitor, and the rule that brings them there. The cluster itself has `monitorMetrics`.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/containers/kubernetes-monitoring-enable
 */
export class ManagedPrometheus extends Construct {
  public readonly workspace: MonitorWorkspace;
  public readonly rule: MonitorDataCollectionRule;

  constructor(scope: Construct, id: string, { resourceGroup, clusterId }: ManagedPrometheusProps) {
    super(scope, id);
    const place = { resourceGroupName: resourceGroup.name, location: resourceGroup.location };
    const name = physicalName(this, LONGEST_ENDPOINT);
    this.workspace = new MonitorWorkspace(this, 'Workspace', { ...place, name });
    const endpoint = new MonitorDataCollectionEndpoint(this, 'Endpoint', { ...place, name, kind: 'Linux' });
    this.rule = new MonitorDataCollectionRule(this, 'Rule', {
      ...place,
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
