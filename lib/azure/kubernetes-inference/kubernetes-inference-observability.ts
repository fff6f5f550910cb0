import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { servingRules } from '../../kubernetes/serving/serving-rules';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { isUnknown } from '../../terraform/tokens';
import { AlertGroup, checkAlertGroup, type IAlertGroup } from '../operations/alert-group';
import { KUBERNETES_INFERENCE_OBSERVABILITY_PROPS } from '../prop-schemas';
import { MonitorAlertPrometheusRuleGroup } from '../provider/azurerm';
import type { KubernetesInference } from './kubernetes-inference';

/** Properties for `KubernetesInferenceObservability`. */
export interface KubernetesInferenceObservabilityProps {
  /** The model to monitor, on a new cluster, or on an existing one with `metricsWorkspaceId` of `ClusterSource.fromCluster`. */
  readonly endpoint: KubernetesInference;
  /** Email addresses that receive alerts. @default - no email */
  readonly alertEmails?: readonly string[];
  /** Action groups that receive alerts. @default - alerts appear in the portal only */
  readonly alertActionGroups?: readonly IAlertGroup[];
}

/** @see https://learn.microsoft.com/en-us/azure/azure-monitor/alerts/alerts-overview */
const WARNING = 2;

/**
 * Alerts for a model on AKS, from the metrics of its servers in managed Prometheus: replicas, errors, time to the first token, and waiting
 * requests. The alert `NoReplica` also fires while the first replica starts.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-monitor/metrics/prometheus-rule-groups
 *
 * @example
 * ```ts
 * import {
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
 * new KubernetesInferenceObservability(stack, 'Observability', { endpoint, alertEmails: ['ml-oncall@example.com'] });
 * ```
 */
export class KubernetesInferenceObservability extends Construct {
  /** The action group of the email addresses. @default - no `alertEmails` */
  public readonly alerts?: AlertGroup;
  /** The rule group with all alerts. */
  public readonly resource: MonitorAlertPrometheusRuleGroup;

  constructor(scope: Construct, id: string, props: KubernetesInferenceObservabilityProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    const { endpoint, alertEmails = [], alertActionGroups = [] } = props;
    const { cluster, namespace, observed, name, metricsWorkspaceId } = endpoint;
    const { name: resourceGroupName, location } = cluster.resourceGroup;
    if (alertEmails.length > 0) {
      this.alerts = new AlertGroup(this, 'Alerts', { resourceGroup: cluster.resourceGroup, alertEmails });
    }
    const groups = [...(this.alerts ? [this.alerts] : []), ...alertActionGroups];
    this.resource = new MonitorAlertPrometheusRuleGroup(this, 'Resource', {
      ...{ name: physicalName(this), resourceGroupName, location },
      scopes: [metricsWorkspaceId!],
      clusterName: clusterNameOf(endpoint),
      interval: 'PT1M',
      // The provider sends false for both if they are not set.
      ruleGroupEnabled: true,
      rule: servingRules({ ...observed, labels: `namespace="${namespace}"` }).map(
        ({ id: alert, title, expression, minutes }) => ({
          ...{ alert, expression, for: `PT${minutes}M`, severity: WARNING, enabled: true },
          annotations: { description: `${name} ${title}` },
          alertResolution: { autoResolved: true, timeToResolve: 'PT10M' },
          action: groups.length > 0 ? groups.map(({ id: actionGroupId }) => ({ actionGroupId })) : undefined,
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
    const { endpoint, alertEmails, alertActionGroups = [] } = props;
    checkAlertEmails(problems, 'alertEmails', alertEmails);
    alertActionGroups.forEach((group, index) => checkAlertGroup(problems, `alertActionGroups.${index}.id`, group));
    if (endpoint.metricsWorkspaceId === undefined) {
      problems.add({
        code: 'EndpointOption',
        prop: 'endpoint',
        allowed: 'a model whose metrics an Azure Monitor workspace collects',
        got: 'a model on an existing cluster without `metricsWorkspaceId`',
        fix: 'Set metricsWorkspaceId of ClusterSource.fromCluster to the resource id of the workspace of the cluster.',
      });
    }
  }
  problems.throwIfAny(scope);
}
