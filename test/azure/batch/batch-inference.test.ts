import { findingsOf, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import {
  AzureMachine,
  BatchInference,
  type BatchInferenceProps,
  BatchOutputAction,
  Capacity,
  MachineLearningCluster,
  ModelArtifact,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { atProbability, type PlanRange } from 'ai-infra-constructs/planning';
import { Token } from 'cdktf';
import { assert as check, integer, property } from 'fast-check';
import { armTest, faultsOf } from '../arm';
import { GROUP, sent, sentOf, WORKSPACE } from '../machine-learning/support';
import { codesOf, type Json, newStack, refusalsOf, resourcesOf, theOnly } from '../support';

const MODEL = ModelArtifact.registered({ name: 'ranker', version: '7', sizeGB: 16 });
const SCRIPT = ServingContainer.registered({
  name: 'torch',
  version: '3',
  codeId: `${WORKSPACE.id}/codes/rank/versions/2`,
  scoringScript: 'rank.py',
  environment: { BATCH: '64' },
});

function synthBatch(props: Partial<BatchInferenceProps> = {}) {
  const stack = newStack();
  const inference = new BatchInference(stack, 'Ranking', {
    workspace: WORKSPACE,
    artifact: MODEL,
    container: SCRIPT,
    ...(props.cluster ? {} : { machine: AzureMachine.NC24ADS_A100_V4 }),
    ...props,
  });
  return { stack, inference };
}

/** A region with prices in the catalog. */
const EAST = { ...WORKSPACE, resourceGroup: { name: 'ml', location: 'eastus' } };

const deploymentOf = (props: Partial<BatchInferenceProps> = {}): Json =>
  sent(synthBatch(props).stack, 'workspaces/batchEndpoints/deployments');
const refused = (props: Partial<BatchInferenceProps>) => refusalsOf(() => synthBatch(props));
const pricesOf = (usdPerHour: number) =>
  Prices.of([{ machine: 'Standard_ND96isr_H100_v5', cloud: 'azure', market: 'on-demand', usdPerHour }]);
const findings = (props: Partial<BatchInferenceProps> = {}) =>
  findingsOf(synthBatch(props).inference).map(({ id }) => id);
const work = {
  load: ServingLoad.of({
    model: ModelSpec.LLAMA_3_1_70B,
    inputTokens: 1000,
    outputTokens: 200,
    concurrency: 32,
    weightPrecision: 'fp8',
  }),
  requests: 1e6,
};

describe('a batch endpoint', () => {
  test('runs its model with its script on a cluster that scales from zero', () => {
    const { stack } = synthBatch({ maxMachines: 4 });
    const { properties } = sent(stack, 'workspaces/batchEndpoints/deployments').body;
    expect(properties).toMatchObject({
      model: { referenceType: 'Id', assetId: `${WORKSPACE.id}/models/ranker/versions/7` },
      environmentId: `${WORKSPACE.id}/environments/torch/versions/3`,
      codeConfiguration: { scoringScript: 'rank.py' },
      environmentVariables: { BATCH: '64' },
      resources: { instanceCount: 4 },
      miniBatchSize: 10,
      maxConcurrencyPerInstance: 1,
      errorThreshold: 0,
      retrySettings: { maxRetries: 4, timeout: 'PT1H' },
      outputAction: 'AppendRow',
    });
    expect(properties.compute).toMatch(/azapi_resource\.Ranking_Cluster/);
    expect(sent(stack, 'workspaces/computes').body.properties.properties.scaleSettings).toMatchObject({
      maxNodeCount: 4,
      minNodeCount: 0,
    });
  });

  test('sets the default deployment after it exists, and again after an update of the endpoint', () => {
    const update = theOnly(synthBatch().stack, 'azapi_update_resource');
    expect(update.body).toEqual({ properties: { defaults: { deploymentName: 'model' } } });
    expect(update.depends_on).toEqual([expect.stringContaining('Deployment')]);
    expect(update.lifecycle.replace_triggered_by).toEqual([expect.stringMatching(/^azapi_resource\.Ranking_\w+$/)]);
  });

  test('requires tokens of Entra', () => {
    const [endpoint] = Object.values(sentOf(synthBatch().stack, 'workspaces/batchEndpoints')).filter(
      ({ name }) => name,
    );
    expect(endpoint.body).toEqual({ properties: { authMode: 'AADToken' } });
    expect(endpoint.name).toMatch(/^test-ranking-[0-9a-f]+-\$\{substr/);
  });

  test('needs no environment and no code for an MLflow model', () => {
    const { properties } = deploymentOf({ container: ServingContainer.mlflow() }).body;
    expect(properties.environmentId).toBeUndefined();
    expect(properties.codeConfiguration).toBeUndefined();
  });

  test('can leave the output to the script', () => {
    const { properties } = deploymentOf({ outputAction: BatchOutputAction.SUMMARY_ONLY }).body;
    expect(properties).toMatchObject({ outputAction: 'SummaryOnly' });
    expect(properties.outputFileName).toBeUndefined();
  });

  test('runs on an existing cluster', () => {
    const stack = newStack();
    const machine = AzureMachine.ND96ISR_H100_V5;
    const cluster = new MachineLearningCluster(stack, 'Shared', { workspace: WORKSPACE, machine, maxNodes: 8 });
    const inference = new BatchInference(stack, 'Ranking', {
      workspace: WORKSPACE,
      artifact: MODEL,
      cluster,
      maxMachines: 2,
    });
    expect(inference.cluster).toBe(cluster);
    expect(Object.keys(sentOf(stack, 'workspaces/computes'))).toHaveLength(1);
    expect(inference.maxMachines).toBe(2);
  });

  test('grants the right to start runs', () => {
    const { stack, inference } = synthBatch();
    inference.grantStart('Nightly', '11111111-1111-1111-1111-111111111111');
    const grants = Object.values(resourcesOf(stack, 'azurerm_role_assignment'));
    expect(grants).toContainEqual(
      expect.objectContaining({ role_definition_name: 'AzureML Data Scientist', scope: WORKSPACE.id }),
    );
    expect(codesOf(() => inference.grantStart(7 as never, ''))).toEqual(['PropType', 'PropType']);
  });

  armTest('has a body that matches the API schema', () => {
    const outputAction = BatchOutputAction.SUMMARY_ONLY;
    for (const props of [{}, { container: ServingContainer.mlflow(), outputAction }]) {
      const { stack } = synthBatch(props);
      const all = Object.values(resourcesOf(stack, 'azapi_resource'));
      expect(all).toHaveLength(3);
      for (const one of all) expect(faultsOf(one)).toEqual([]);
    }
  });
});

describe('the estimate of a run', () => {
  test('is a range of time and cost', () => {
    const { inference } = synthBatch({
      machine: AzureMachine.ND96ISR_H100_V5,
      maxMachines: 2,
      acceleratorsPerReplica: 4,
      prices: pricesOf(98),
    });
    const { hours, costs, plan } = inference.estimate(work);
    expect(hours!.p90).toBeGreaterThan(hours!.median);
    expect(costs).toMatchObject([{ market: 'on-demand', usd: { median: expect.any(Number) as number } }]);
    expect(plan.replica.accelerators).toBe(4);
  });

  test('takes half the time on twice the machines, for the same cost', () => {
    const on = (maxMachines: number) =>
      synthBatch({
        machine: AzureMachine.ND96ISR_H100_V5,
        acceleratorsPerReplica: 4,
        maxMachines,
        prices: pricesOf(98),
      }).inference.estimate(work);
    check(
      property(integer({ min: 1, max: 25 }), (machines) => {
        const [one, two] = [on(machines), on(2 * machines)];
        expect(two.hours!.median).toBeCloseTo(one.hours!.median / 2, 6);
        expect(two.costs[0]!.usd!.median).toBeCloseTo(one.costs[0]!.usd!.median, 6);
      }),
      { numRuns: 5 },
    );
  });

  test('reports a model that does not fit, zero requests, and missing work', () => {
    const { inference } = synthBatch();
    const large = ServingLoad.of({ model: ModelSpec.LLAMA_3_1_70B, inputTokens: 10, outputTokens: 10, concurrency: 1 });
    expect(codesOf(() => inference.estimate({ load: large, requests: 10 }))).toContain('MemoryTooSmall');
    expect(codesOf(() => inference.estimate({ ...work, requests: 0 }))).toEqual(['PlanningInput']);
    expect(codesOf(() => inference.estimate(null as never))).toEqual(['ValueMissing']);
  });
});

describe('planned work', () => {
  const planned = { machine: AzureMachine.ND96ISR_H100_V5, maxMachines: 2, prices: pricesOf(98) };

  test('is estimated, and kept with the construct', () => {
    const { inference } = synthBatch({ ...planned, work });
    expect(inference.estimated).toEqual(inference.estimate(work));
    expect(synthBatch(planned).inference.estimated).toBeUndefined();
  });

  test('is rejected if a run cannot meet its limits', () => {
    const { hours, costs } = synthBatch({ ...planned, work }).inference.estimated!;
    const limited = (limits: object) => refused({ ...planned, work: { ...work, ...limits } });
    expect(limited({ finishWithinHours: hours!.median / 2 })).toEqual(['DeadlineMissed work.finishWithinHours']);
    expect(limited({ budgetUsd: costs[0]!.usd!.median / 2 })).toEqual(['BudgetExceeded work.budgetUsd']);
    expect(limited({ finishWithinHours: 0, budgetUsd: -1 })).toEqual([
      'DeadlineInvalid work.finishWithinHours',
      'BudgetInvalid work.budgetUsd',
    ]);
    expect(limited({ budgetUsd: Token.asNumber({}) })).toEqual(['ValueUnknown work.budgetUsd']);
    expect(limited({ requests: 0 })).toEqual(['PlanningInput work.requests']);
  });

  test('is a finding if a slow run misses its limits', () => {
    const { hours, costs } = synthBatch({ ...planned, work }).inference.estimated!;
    const between = (range: PlanRange) => atProbability(range, 0.65);
    const limits = { finishWithinHours: between(hours!), budgetUsd: between(costs[0]!.usd!) };
    expect(findings({ ...planned, work: { ...work, ...limits } })).toEqual(
      expect.arrayContaining(['time/deadline', 'cost/budget']),
    );
    expect(findings({ ...planned, work })).not.toContain('time/deadline');
  });
});

describe('validation', () => {
  test('rejects a server in place of a script', () => {
    const container = ServingContainer.image({ image: 'a/b:1', port: 8000 });
    expect(refused({ container })).toEqual(['ServingContainerInvalid container']);
  });

  test('rejects a missing machine, and a machine in addition to a cluster', () => {
    expect(refused({ machine: undefined })).toEqual(['ValueMissing machine']);
    const cluster = { id: 'x', machine: AzureMachine.NC24ADS_A100_V4, maxNodes: 2, capacity: Capacity.onDemand() };
    expect(
      refused({ cluster, machine: AzureMachine.NC24ADS_A100_V4, capacity: Capacity.spot(), maxMachines: 3 }),
    ).toEqual(['ClusterOption machine', 'ClusterOption capacity', 'NodesOutOfRange maxMachines']);
  });

  test('rejects more machines than a cluster can have', () => {
    expect(refused({ machine: AzureMachine.ND96ISR_H100_V5, maxMachines: 101 })).toEqual([
      'NodesOutOfRange maxMachines',
    ]);
  });

  test('rejects numbers outside their range', () => {
    expect(
      refused({
        shardsPerTask: 0,
        acceleratorsPerReplica: 2,
        taskTimeoutSeconds: 86_401,
        attempts: 0.5,
        toleratedFailures: -1,
      }),
    ).toEqual([
      'BatchLimit shardsPerTask',
      'BatchTimeout taskTimeoutSeconds',
      'BatchLimit attempts',
      'BatchLimit toleratedFailures',
      'BatchShare acceleratorsPerReplica',
    ]);
  });

  test.each([0, 3, 0.5, 16])('rejects %p accelerators per replica on a machine with 8', (acceleratorsPerReplica) => {
    expect(refused({ machine: AzureMachine.ND96ISR_H100_V5, acceleratorsPerReplica })).toEqual([
      'BatchShare acceleratorsPerReplica',
    ]);
  });

  test('rejects a model larger than its machine, an invalid name, and the version `latest`', () => {
    expect(
      refused({ artifact: ModelArtifact.registered({ name: 'a', version: 'latest', sizeGB: 900 }), endpointName: '1' }),
    ).toEqual(['AzureName endpointName', 'AssetVersion artifact.version', 'MemoryTooSmall artifact.sizeGB']);
  });

  test('rejects an invalid price', () => {
    const prices = Prices.of([
      { machine: 'Standard_NC24ads_A100_v4', cloud: 'azure', market: 'on-demand', usdPerHour: -1 },
    ]);
    expect(refused({ prices })).toEqual([expect.stringMatching(/^PriceInvalid prices/)]);
  });

  test.each([
    undefined,
    null,
    7,
    {},
    { workspace: 7, artifact: 'a', cluster: {} },
    { workspace: { id: 1, resourceGroup: GROUP }, artifact: MODEL, machine: null },
  ])('rejects hostile props %p', (props) => {
    const codes = codesOf(() => new BatchInference(newStack(), 'Ranking', props as never));
    expect(codes.every((code) => ['PropType', 'ValueMissing', 'ResourceIdInvalid'].includes(code))).toBe(true);
  });
});

describe('findings', () => {
  test('report low-priority capacity without a fallback, and a missing price', () => {
    expect(findings({ capacity: Capacity.spot() })).toEqual(
      expect.arrayContaining(['spot/no-fallback', 'batch/unpriced-market']),
    );
    expect(findings()).not.toContain('spot/no-fallback');
    expect(findings({ workspace: EAST })).not.toContain('batch/unpriced-market');
  });

  test('report a stale price', () => {
    expect(findings({ workspace: EAST, prices: Prices.asOf('2030-01-01') })).toContain('cost/price');
  });
});
