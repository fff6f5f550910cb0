import { join } from 'node:path';
import { Prices } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  FunctionGpu,
  FunctionInference,
  InferenceEndpoint,
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
  RealtimeServing,
  ServingServer,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import 'ai-infra-constructs/testing/jest';
import { App, TerraformStack } from 'cdktf';
import { keepsAddresses } from '../../terraform/golden';
import { ownedBy } from '../../terraform/platforms';
import { reportOf } from '../../terraform/support';
import { idsOf, loadOf, modelIn, networkIn, problemsOf, refusalsOf, resourcesOf, SERVICE, theOnly } from './support';

const easIn = (stack: TerraformStack) =>
  RealtimeServing.eas({ machine: AlicloudMachine.ECS_GN8IS_2XLARGE, models: { chat: { model: modelIn(stack) } } });
const functionIn = (stack: TerraformStack) =>
  RealtimeServing.functionCompute({
    gpu: FunctionGpu.ADA_1,
    model: modelIn(stack),
    server: ServingServer.vllm({ image: 'registry-vpc.cn-hangzhou.aliyuncs.com/atlas/vllm:1' }),
  });

type Change = (stack: TerraformStack) => Partial<RealtimeInferencePlatformProps>;

function synth(change: Change = () => ({}), app = new App()) {
  const stack = new TerraformStack(app, 'inference');
  new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });
  const props = { serving: easIn(stack), zones: ['cn-hangzhou-i', 'cn-hangzhou-j'], load: loadOf(), ...change(stack) };
  return {
    stack,
    platform: new RealtimeInferencePlatform(stack, 'Platform', {
      ...ownedBy('chat'),
      monthlyBudgetUsd: 50_000,
      ...props,
    }),
  };
}
const refusals = (change: Change) => refusalsOf(() => synth(change));
const onFunctions: Change = (stack) => ({ serving: functionIn(stack), alertContactGroups: ['oncall'] });

/** Types whose replacement loses data, or a name or address that others use. */
const STATEFUL = [SERVICE, 'alicloud_ram_role', 'alicloud_vpc', 'alicloud_vswitch', 'alicloud_nat_gateway'];

describe('the reference architecture', () => {
  const { stack, platform } = synth(() => ({ alertContactGroups: ['oncall'] }));

  keepsAddresses(stack, STATEFUL, join(__dirname, 'realtime-inference-platform.golden.json'));

  test('matches its architecture snapshot', () => {
    expect(stack).toMatchArchitectureFile('realtime-inference-platform.architecture.txt');
  });

  test('creates only its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual(['Network', 'Endpoint', 'Observability']);
  });

  test('tags its resources for cost allocation', () => {
    expect(theOnly(stack, SERVICE).tags).toMatchObject({ ServiceEngineType: 'vllm', project: 'Atlas' });
  });

  test('plans the load, and serves it on EAS in its network', () => {
    expect(platform.endpoint).toBeInstanceOf(InferenceEndpoint);
    expect(platform.endpoint.plan!.load.requestsPerSecond).toBe(5);
    expect(platform.network!.vswitches.map(({ zone }) => zone)).toEqual(['cn-hangzhou-i', 'cn-hangzhou-j']);
    expect(theOnly(stack, SERVICE).service_config).toMatch(/"vpc_id":"?\$\{jsonencode\(alicloud_vpc\./);
  });

  test('reports warnings and failures of EAS to the contact groups', () => {
    expect(theOnly(stack, 'alicloud_cms_event_rule')).toMatchObject({
      event_pattern: { product: 'learn', level_list: ['WARN', 'CRITICAL'] },
      contact_parameters: [{ contact_group_name: 'oncall' }],
    });
    expect(resourcesOf(stack, 'alicloud_cms_alarm')).toEqual({});
  });
});

describe('on Function Compute', () => {
  test('has a function in the network, with alarms', () => {
    const { stack, platform } = synth((one) => ({
      ...onFunctions(one),
      load: loadOf({ ttftMs: 2000, tpotMs: 50, requestsPerSecond: 10 }),
    }));
    expect(platform.endpoint).toBeInstanceOf(FunctionInference);
    expect(theOnly(stack, 'alicloud_fcv3_function').vpc_config.vswitch_ids).toHaveLength(2);
    const alarms = Object.values(resourcesOf(stack, 'alicloud_cms_alarm'));
    expect(alarms.map(({ metric, escalations_critical: { threshold } }) => [metric, threshold])).toEqual(
      expect.arrayContaining([
        ['FunctionHTTPStatus5xx', '6'],
        ['FunctionConcurrencyThrottles', '0'],
        ['FunctionP99Duration', String(2000 + 200 * 50)],
      ]),
    );
    expect(alarms[0]).toMatchObject({ project: 'acs_fc', period: 60, contact_groups: ['oncall'] });
    expect(alarms[0].metric_dimensions).toContain('functionName');
    expect(resourcesOf(stack, 'alicloud_cms_event_rule')).toEqual({});
  });

  test('has an architecture with one private function', () => {
    const { stack } = synth(onFunctions);
    expect(stack).toMatchArchitectureFile('function-inference-platform.architecture.txt');
  });

  test('has a fixed threshold for errors without a load', () => {
    const { stack } = synth((one) => ({ ...onFunctions(one), load: undefined }));
    const alarms = Object.values(resourcesOf(stack, 'alicloud_cms_alarm'));
    expect(alarms.map(({ escalations_critical: { threshold } }) => threshold as string).sort()).toEqual(['0', '5']);
  });
});

describe('other settings', () => {
  test('an existing endpoint gets alarms, and no network', () => {
    const { stack, platform } = synth((one) => ({
      serving: RealtimeServing.fromEndpoint(
        new InferenceEndpoint(one, 'Own', {
          network: networkIn(one),
          machine: AlicloudMachine.ECS_GN8IS_2XLARGE,
          models: { chat: { model: modelIn(one) } },
        }),
      ),
      zones: undefined,
      alertContactGroups: ['oncall'],
    }));
    expect(platform.network).toBeUndefined();
    expect(platform.observability!.events).toBeDefined();
    expect(resourcesOf(stack, 'alicloud_vpc')).toEqual({});
  });

  test('an existing network is used', () => {
    const { stack } = synth((one) => ({ zones: undefined, network: networkIn(one) }));
    expect(resourcesOf(stack, 'alicloud_vpc')).toEqual({});
  });

  test('a plan above the budget is a finding', () => {
    const prices = Prices.of([
      { machine: 'ecs.gn8is.2xlarge', market: 'on-demand', usdPerHour: 2, source: 'my contract' },
    ]);
    expect(idsOf(synth(() => ({ prices, monthlyBudgetUsd: 10 })).platform)).toContain('cost/budget');
    expect(idsOf(synth(() => ({ prices, monthlyBudgetUsd: 1_000_000 })).platform)).not.toContain('cost/budget');
  });

  test('rejects zones together with a network, and neither of them', () => {
    expect(refusals((stack) => ({ network: networkIn(stack) }))).toEqual(['ValueMissing zones']);
    expect(refusals(() => ({ zones: undefined }))).toEqual(['ValueMissing zones']);
  });

  test('reports problems with the path of the prop on the platform', () => {
    const eas = (stack: TerraformStack) => ({
      serving: RealtimeServing.eas({
        machine: AlicloudMachine.ECS_GN8IS_2XLARGE,
        models: { chat: { model: modelIn(stack) } },
        endpointName: 'Chat',
      }),
    });
    expect(refusals(eas)).toEqual(['InferenceName serving.endpointName']);
    expect(refusals(() => ({ zones: ['Hangzhou'] }))).toEqual(['LocationInvalid zones[0]']);
    expect(refusals(() => ({ monthlyBudgetUsd: 0 }))).toEqual(['BudgetInvalid monthlyBudgetUsd']);
  });

  test('rejects contact groups that do not exist by their name', () => {
    expect(refusals(() => ({ alertContactGroups: [] }))).toEqual(['AlertContact alertContactGroups']);
    expect(refusals(() => ({ alertContactGroups: ['oncall', 'oncall'] }))).toEqual([
      'AlertContact alertContactGroups[1]',
    ]);
  });

  test('reports a missing prop of a backend', () => {
    const serving = RealtimeServing.eas({} as never);
    expect(problemsOf(() => synth(() => ({ serving }))).map(({ prop }) => prop)).toEqual(
      expect.arrayContaining(['serving.machine', 'serving.models']),
    );
  });

  test('writes a report with the alternatives of EAS', () => {
    const workloads = reportOf((app) => {
      synth(undefined, app);
    });
    expect(workloads).toHaveLength(1);
    expect(JSON.stringify(workloads)).toContain('ecs.gn8is.2xlarge');
  });
});
