import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { servingRules } from '../../kubernetes/serving/serving-rules';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { isUnknown } from '../../terraform/tokens';
import { checkAlertGroup, type IAlertGroup } from '../operations/alert-group';
import { KUBERNETES_INFERENCE_OBSERVABILITY_PROPS } from '../prop-schemas';
import { checkResourceId } from '../props/resource-id';
import { MonitorAlertPrometheusRuleGroup } from '../provider/azurerm';
import { managedPrometheusOf } from './inference-software';
import type { KubernetesInference } from './kubernetes-inference';

/** Properties for `KubernetesInferenceObservability`. */
export interface KubernetesInferenceObservabilityProps {
  /** The model to watch. */
  readonly endpoint: KubernetesInference;
  /** Action group that receives the alerts. @default - the alerts appear in the portal only */
  readonly alerts?: IAlertGroup;
  /** Resource id of the Azure Monitor workspace that has the metrics of the servers. @default - the workspace of a cluster of this library */
  readonly workspaceId?: string;
}

/** @see https://learn.microsoft.com/en-us/azure/azure-monitor/alerts/alerts-overview */
const WARNING = 2;

/**
 * Alerts for a model on AKS, from the metrics of its servers in managed Prometheus: replicas, errors, time to the first token, and waiting
 * requests.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/metrics/prometheus-rule-groups
 *
 * @example
 * ```ts
 * import {
 *   AlertGroup,
 *   AzureMachine,
 *   KubernetesInference,
 *   KubernetesInferenceObservability,
 *   ResourceGroup,
 *   ServingModel,
 * } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const endpoint = new KubernetesInference(stack, 'Chat', {
 *   resourceGroup,
 *   machine: AzureMachine.NC24ADS_A100_V4,
 *   model: ServingModel.volume('models', { sizeGiB: 16 }),
 * });
 * const alerts = new AlertGroup(stack, 'Alerts', { resourceGroup, alertEmails: ['ml-oncall@example.com'] });
 * new KubernetesInferenceObservability(stack, 'Observability', { endpoint, alerts });
 * ```
 */
export class KubernetesInferenceObservability extends Construct {
  /** The rule group with all alerts. */
  public readonly resource: MonitorAlertPrometheusRuleGroup;

  constructor(scope: Construct, id: string, props: KubernetesInferenceObservabilityProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    const { endpoint, alerts, workspaceId = managedPrometheusOf(endpoint.cluster)?.workspace.id } = props;
    const { cluster, namespace, observed, name } = endpoint;
    const { name: resourceGroupName, location } = cluster.resourceGroup;
    this.resource = new MonitorAlertPrometheusRuleGroup(this, 'Resource', {
      ...{ name: physicalName(this), resourceGroupName, location },
      scopes: [workspaceId!],
      clusterName: clusterNameOf(endpoint),
      interval: 'PT1M',
      rule: servingRules({ ...observed, labels: `namespace="${namespace}"` }).map(
        ({ id: alert, title, expression, minutes }) => ({
          ...{ alert, expression, for: `PT${minutes}M`, severity: WARNING },
          annotations: { description: `${name} ${title}` },
          alertResolution: { autoResolved: true, timeToResolve: 'PT10M' },
          action: alerts && [{ actionGroupId: alerts.id }],
        }),
      ),
    });
  }
}

/** The last part of the resource id, which is the label `cluster` of each series. */
function clusterNameOf({ cluster: { id } }: KubernetesInference): string {
  return isUnknown(id)
    ? (Fn.element(Fn.split('/', id), CLUSTER_NAME_INDEX) as string)
    : id.split('/')[CLUSTER_NAME_INDEX]!;
}

const CLUSTER_NAME_INDEX = 8;

function check(scope: Construct, props: KubernetesInferenceObservabilityProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, KUBERNETES_INFERENCE_OBSERVABILITY_PROPS)) {
    const { endpoint, alerts, workspaceId } = props;
    if (alerts) checkAlertGroup(problems, 'alerts.id', alerts);
    if (workspaceId !== undefined) checkResourceId(problems, 'workspaceId', workspaceId, 'Microsoft.Monitor/accounts');
    else if (!managedPrometheusOf(endpoint.cluster)) {
      problems.add({
        code: 'ValueMissing',
        prop: 'workspaceId',
        allowed: 'set for a cluster that this library did not create',
        got: undefined,
        fix: 'Pass the resource id of the Azure Monitor workspace of the cluster.',
      });
    }
  }
  problems.throwIfAny(scope);
}
