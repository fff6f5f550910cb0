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
