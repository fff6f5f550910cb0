import { findingsOf, ModelSpec, ServingLoad } from 'ai-infra-constructs';
import {
  AzureMachine,
  BatchInference,
  type BatchInferenceProps,
  Capacity,
  MachineLearningCluster,
  ModelArtifact,
  ServingContainer,
} from 'ai-infra-constructs/azure';
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

/** Where the table has prices. */
const EAST = { ...WORKSPACE, resourceGroup: { name: 'ml', location: 'eastus' } };

const deploymentOf = (props: Partial<BatchInferenceProps> = {}): Json =>
  sent(synthBatch(props).stack, 'workspaces/batchEndpoints/deployments');
const refused = (props: Partial<BatchInferenceProps>) => refusalsOf(() => synthBatch(props));
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
  test('runs its model by its script on a cluster that comes and goes', () => {
    const { stack } = synthBatch({ mostMachines: 4 });
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
      retrySettings: { maxRetries: 3, timeout: 'PT1H' },
      outputAction: 'AppendRow',
    });
    expect(properties.compute).toMatch(/azapi_resource\.Ranking_Cluster/);
    expect(sent(stack, 'workspaces/computes').body.properties.properties.scaleSettings).toMatchObject({
      maxNodeCount: 4,
      minNodeCount: 0,
    });
  });

  test('names its deployment once that stands, and again when the endpoint changed', () => {
    const update = theOnly(synthBatch().stack, 'azapi_update_resource');
    expect(update.body).toEqual({ properties: { defaults: { deploymentName: 'model' } } });
    expect(update.depends_on).toEqual([expect.stringContaining('Deployment')]);
    expect(update.lifecycle.replace_triggered_by).toEqual([expect.stringMatching(/^azapi_resource\.Ranking_\w+$/)]);
  });

  test('is called with tokens of Entra', () => {
    const [endpoint] = Object.values(sentOf(synthBatch().stack, 'workspaces/batchEndpoints')).filter(
      ({ name }) => name,
    );
    expect(endpoint.body).toEqual({ properties: { authMode: 'AADToken' } });
    expect(endpoint.name).toMatch(/^test-ranking-[0-9a-f]+-\$\{substr/);
  });

  test('needs neither environment nor code for a model of MLflow', () => {
    const { properties } = deploymentOf({ container: ServingContainer.mlflow() }).body;
    expect(properties.environmentId).toBeUndefined();
    expect(properties.codeConfiguration).toBeUndefined();
  });

  test('lets scripts write files themselves', () => {
    const { properties } = deploymentOf({ answers: 'files' }).body;
    expect(properties).toMatchObject({ outputAction: 'SummaryOnly' });
    expect(properties.outputFileName).toBeUndefined();
  });

  test('shares a cluster', () => {
    const stack = newStack();
    const machine = AzureMachine.ND96ISR_H100_V5;
    const cluster = new MachineLearningCluster(stack, 'Shared', { workspace: WORKSPACE, machine, nodes: 8 });
    const inference = new BatchInference(stack, 'Ranking', {
      workspace: WORKSPACE,
      artifact: MODEL,
      cluster,
      mostMachines: 2,
    });
    expect(inference.cluster).toBe(cluster);
    expect(Object.keys(sentOf(stack, 'workspaces/computes'))).toHaveLength(1);
    expect(inference.mostMachines).toBe(2);
  });

  test('lets someone start runs', () => {
    const { stack, inference } = synthBatch();
    inference.grantStart('Nightly', '11111111-1111-1111-1111-111111111111');
    const grants = Object.values(resourcesOf(stack, 'azurerm_role_assignment'));
    expect(grants).toContainEqual(
      expect.objectContaining({ role_definition_name: 'AzureML Data Scientist', scope: WORKSPACE.id }),
    );
    expect(codesOf(() => inference.grantStart(7 as never, ''))).toEqual(['PropType', 'PropType']);
  });

  armTest('is a body that the API takes', () => {
    for (const props of [{}, { container: ServingContainer.mlflow(), answers: 'files' as const }]) {
      const { stack } = synthBatch(props);
      const all = Object.values(resourcesOf(stack, 'azapi_resource'));
      expect(all).toHaveLength(3);
      for (const one of all) expect(faultsOf(one)).toEqual([]);
    }
  });
});

describe('what a run will take', () => {
  test('is a range, with a price', () => {
    const { inference } = synthBatch({
      machine: AzureMachine.ND96ISR_H100_V5,
      mostMachines: 2,
      batchesPerMachine: 2,
      prices: [{ machine: 'Standard_ND96isr_H100_v5', cloud: 'azure', market: 'on-demand', usdPerHour: 98 }],
    });
    const { hours, costs, plan } = inference.estimate(work);
    expect(hours!.p25).toBeGreaterThan(hours!.median);
    expect(costs).toMatchObject([{ market: 'on-demand', usd: { median: expect.any(Number) as number } }]);
    expect(plan.replica.accelerators).toBe(4);
  });

  test('halves with twice the machines, and costs the same', () => {
    const price = [
      { machine: 'Standard_ND96isr_H100_v5', cloud: 'azure' as const, market: 'on-demand' as const, usdPerHour: 98 },
    ];
    const on = (mostMachines: number) =>
      synthBatch({
        machine: AzureMachine.ND96ISR_H100_V5,
        batchesPerMachine: 2,
        mostMachines,
        prices: price,
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

  test('cannot be told of a model that does not fit, of no requests, of nothing', () => {
    const { inference } = synthBatch();
    const large = ServingLoad.of({ model: ModelSpec.LLAMA_3_1_70B, inputTokens: 10, outputTokens: 10, concurrency: 1 });
    expect(codesOf(() => inference.estimate({ load: large, requests: 10 }))).toContain('MemoryTooSmall');
    expect(codesOf(() => inference.estimate({ ...work, requests: 0 }))).toEqual(['PlanningInput']);
    expect(codesOf(() => inference.estimate(null as never))).toEqual(['ValueMissing']);
  });
});

describe('what a batch endpoint refuses', () => {
  test('a server in place of a script', () => {
    const container = ServingContainer.image({ image: 'a/b:1', port: 8000 });
    expect(refused({ container })).toEqual(['ServingContainerInvalid container']);
  });

  test('no machine, and a machine beside a cluster', () => {
    expect(refused({ machine: undefined })).toEqual(['ValueMissing machine']);
    const cluster = { id: 'x', machine: AzureMachine.NC24ADS_A100_V4, nodes: 2, capacity: Capacity.onDemand() };
    expect(
      refused({ cluster, machine: AzureMachine.NC24ADS_A100_V4, capacity: Capacity.spot(), mostMachines: 3 }),
    ).toEqual(['ClusterOption machine', 'ClusterOption capacity', 'NodesOutOfRange mostMachines']);
  });

  test('more machines than a cluster has', () => {
    expect(refused({ machine: AzureMachine.ND96ISR_H100_V5, mostMachines: 101 })).toEqual([
      'NodesOutOfRange mostMachines',
    ]);
  });

  test('numbers outside their range', () => {
    expect(
      refused({
        shardsPerBatch: 0,
        batchesPerMachine: 65,
        batchTimeoutSeconds: 86_401,
        attempts: 0.5,
        toleratedFailures: -1,
      }),
    ).toEqual([
      'BatchLimit shardsPerBatch',
      'BatchLimit batchesPerMachine',
      'BatchTimeout batchTimeoutSeconds',
      'BatchLimit attempts',
      'BatchLimit toleratedFailures',
      'BatchShare batchesPerMachine',
    ]);
  });

  test('calls that do not share the accelerators out', () => {
    expect(refused({ machine: AzureMachine.ND96ISR_H100_V5, batchesPerMachine: 3 })).toEqual([
      'BatchShare batchesPerMachine',
    ]);
  });

  test('a model larger than its machine, a name that is none, and a version that moves', () => {
    expect(
      refused({ artifact: ModelArtifact.registered({ name: 'a', version: 'latest', sizeGB: 900 }), endpointName: '1' }),
    ).toEqual(['AzureName endpointName', 'AssetVersion artifact.version', 'MemoryTooSmall artifact.sizeGB']);
  });

  test('a price that is none', () => {
    const prices = [
      { machine: 'Standard_NC24ads_A100_v4', cloud: 'azure' as const, market: 'on-demand' as const, usdPerHour: -1 },
    ];
    expect(refused({ prices })).toEqual([expect.stringMatching(/^PriceInvalid prices/)]);
  });

  test.each([
    undefined,
    null,
    7,
    {},
    { workspace: 7, artifact: 'a', cluster: {} },
    { workspace: { id: 1, resourceGroup: GROUP }, artifact: MODEL, machine: null },
  ])('hostile props %p', (props) => {
    const codes = codesOf(() => new BatchInference(newStack(), 'Ranking', props as never));
    expect(codes.every((code) => ['PropType', 'ValueMissing', 'ResourceIdInvalid'].includes(code))).toBe(true);
  });
});

describe('what is doubtful about a batch endpoint', () => {
  test('low priority without anything to take over, at no known price', () => {
    expect(findings({ capacity: Capacity.spot() })).toEqual(
      expect.arrayContaining(['spot/no-fallback', 'batch/unpriced-market']),
    );
    expect(findings()).not.toContain('spot/no-fallback');
    expect(findings({ workspace: EAST })).not.toContain('batch/unpriced-market');
  });

  test('an old price', () => {
    expect(findings({ workspace: EAST, pricesAsOf: '2030-01-01' })).toContain('cost/price');
  });
});
