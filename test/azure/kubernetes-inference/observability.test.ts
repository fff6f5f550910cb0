import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  AlertGroup,
  AzureMachine,
  ClusterSource,
  ControlPlane,
  KubernetesInference,
  KubernetesInferenceObservability,
  type KubernetesInferenceObservabilityProps,
  type KubernetesInferenceProps,
  ServingModel,
  ServingScaling,
} from 'ai-infra-constructs/azure';
import { codesOf, type Json, newStack, theOnly } from '../support';

const GROUP = { name: 'models', location: 'swedencentral' };
const ID = '/subscriptions/s/resourceGroups/g/providers';
const WORKSPACE = `${ID}/Microsoft.Monitor/accounts/metrics`;
const ACTIONS = `${ID}/Microsoft.Insights/actionGroups/oncall`;
const CLUSTER = {
  id: `${ID}/Microsoft.ContainerService/managedClusters/research`,
  resourceGroup: GROUP,
  nodeSubnetId: `${ID}/Microsoft.Network/virtualNetworks/n/subnets/nodes`,
};
const SYSTEM = { systemLabels: { system: 'true' } };
const observed = (metricsWorkspaceId: string) => ({
  cluster: ClusterSource.fromCluster(CLUSTER, { ...SYSTEM, metricsWorkspaceId }),
});
const OBSERVED = observed(WORKSPACE);
const EXISTING = { cluster: ClusterSource.fromCluster(CLUSTER, SYSTEM) };

function serve(changes: Partial<KubernetesInferenceProps> = {}) {
  const stack = newStack();
  new HelmProvider(stack, 'Helm');
  const model = ServingModel.volume('models', { sizeGiB: 16 });
  const all = { resourceGroup: GROUP, machine: AzureMachine.NC24ADS_A100_V4, model, ...changes };
  return { stack, endpoint: new KubernetesInference(stack, 'Chat', all) };
}

function watch(
  changes: Partial<KubernetesInferenceProps> = {},
  props: Partial<KubernetesInferenceObservabilityProps> = {},
): Json {
  const { stack, endpoint } = serve(changes);
  const alertActionGroups = [AlertGroup.fromAlertGroupId(stack, 'Alerts', ACTIONS)];
  new KubernetesInferenceObservability(stack, 'Watch', { endpoint, alertActionGroups, ...props });
  return theOnly(stack, 'azurerm_monitor_alert_prometheus_rule_group');
}

const monitorsOf = ({ bundle }: KubernetesInference) =>
  bundle.manifests.filter(({ apiVersion }) => apiVersion === 'azmonitoring.coreos.com/v1');

test('sends alerts of the new cluster and its workspace to the action group', () => {
  const group = watch();
  expect(group).toMatchObject({ location: 'swedencentral', interval: 'PT1M', rule_group_enabled: true });
  expect(group.scopes).toEqual([expect.stringMatching(/azurerm_monitor_workspace\..*\.id/)]);
  expect(group.cluster_name).toMatch(/azurerm_kubernetes_cluster\./);
  expect(group.rule.map(({ alert }: Json) => alert as string)).toEqual(['Errors', 'NoReplica', 'Queue']);
  for (const rule of group.rule) {
    expect(rule.enabled).toBe(true);
    expect(rule.expression).toContain('namespace="chat"');
    expect(rule.action).toEqual([{ action_group_id: ACTIONS }]);
  }
});

test('waits before an alert for as long as the rule says', () => {
  const group = watch({ scaling: ServingScaling.keda({ minReplicas: 1, maxReplicas: 4, targetConcurrency: 8 }) });
  const minutes = group.rule.map((rule: Json) => [rule.alert, rule.for] as unknown);
  expect(minutes).toEqual([
    ['Errors', 'PT5M'],
    ['NoReplica', 'PT5M'],
    ['Queue', 'PT15M'],
    ['Saturation', 'PT15M'],
  ]);
});

test('has no action without an action group', () => {
  expect(watch({}, { alertActionGroups: undefined }).rule[0]).not.toHaveProperty('action');
});

test('sends alerts to email addresses, and to all action groups', () => {
  const [rule] = watch({}, { alertEmails: ['ml-oncall@example.com'] }).rule as Json[];
  expect(rule.action).toEqual([
    { action_group_id: expect.stringMatching(/azurerm_monitor_action_group\..*\.id/) },
    { action_group_id: ACTIONS },
  ]);
});

test('uses the workspace and the name of an existing cluster', () => {
  const group = watch(OBSERVED);
  expect(group).toMatchObject({ scopes: [WORKSPACE], cluster_name: 'research' });
});

test('rejects an existing cluster without its workspace, and malformed ids', () => {
  const { stack, endpoint } = serve(EXISTING);
  let count = 0;
  const create = (props: object) => () =>
    new KubernetesInferenceObservability(stack, `Watch${count++}`, props as never);
  expect(codesOf(create({ endpoint }))).toEqual(['EndpointOption']);
  expect(codesOf(() => serve(observed('metrics')))).toEqual(['ResourceIdInvalid']);
  const observable = serve(OBSERVED).endpoint;
  expect(codesOf(create({ endpoint: observable, alertActionGroups: [{ id: 'x' }] }))).toEqual(['ResourceIdInvalid']);
  expect(codesOf(create({ endpoint: observable, alertEmails: ['x'] }))).toEqual(['AlertEmail']);
  expect(codesOf(create({ endpoint: stack }))).toEqual(['PropType']);
});

test('collects the metrics of the servers on a cluster of this library, whose collectors can reach them', () => {
  const { endpoint } = serve();
  const [monitor] = monitorsOf(endpoint) as Json[];
  expect(monitor.spec.podMetricsEndpoints).toEqual([{ port: 'http', path: '/metrics', interval: '30s' }]);
  expect(monitor.spec).toMatchObject({ labelLimit: 63, labelNameLengthLimit: 511, labelValueLengthLimit: 1023 });
  const policy = endpoint.bundle.manifests.find(({ kind }) => kind === 'NetworkPolicy') as Json;
  expect(JSON.stringify(policy.spec.ingress)).toContain('kube-system');
});

test('collects the metrics of a second model on a cluster of this library, and leaves other clusters alone', () => {
  const { stack } = serve();
  const controlPlane = new ControlPlane(stack, 'Shared', { resourceGroup: GROUP });
  const shared = ClusterSource.fromCluster(controlPlane, { systemLabels: controlPlane.systemLabels });
  const second = new KubernetesInference(stack, 'Second', {
    ...{ resourceGroup: GROUP, machine: AzureMachine.NC24ADS_A100_V4, cluster: shared },
    model: ServingModel.volume('models', { sizeGiB: 16 }),
  });
  expect(monitorsOf(second)).toHaveLength(1);
  expect(monitorsOf(serve(OBSERVED).endpoint)).toHaveLength(1);
  expect(monitorsOf(serve(EXISTING).endpoint)).toHaveLength(0);
});
