import { Testing, Token } from 'cdktf';
import { findingsOf, type ErrorCode, type FindingId } from 'ai-infra-constructs';
import {
  BatchInference,
  Capacity,
  DataBucket,
  GoogleMachine,
  Installation,
  MlNetwork,
  ServingModel,
  ServingServer,
} from 'ai-infra-constructs/google';
import { refusesNoProps } from '../../junk';
import { at } from '../../kubernetes/at';
import { manifestFaults, schemaTest } from '../../kubernetes/schemas';
import { objectOf } from '../kubernetes-inference/support';
import { CLUSTER, newStack, problemsOf, refusalsOf, resourcesOf, waitsForSystemNodes } from '../support';
import { type Changes, hub, LOAD, PROPS, SHA, synth, UNMEASURED } from './support';

const objects = (changes: Changes = {}) => synth(changes).inference.bundle.manifests;
const job = (changes: Changes = {}) =>
  at(objectOf(objects(changes), 'CronJob'), 'spec.jobTemplate.spec') as Record<string, never>;
const pods = (changes: Changes = {}) => at(job(changes), 'template.spec') as Record<string, never>;
const H100 = { machine: GoogleMachine.A3_HIGHGPU_8G };

describe('a run', () => {
  test('has a pod for each part of the machines, and each pod a part of the shards', () => {
    const { inference } = synth();
    expect(inference.replicas).toBe(8);
    expect(job()).toMatchObject({ completionMode: 'Indexed', completions: 8, parallelism: 8 });
    const env = at(pods(), 'containers.0.env') as { name: string; value?: string }[];
    expect(env).toContainEqual({ name: 'PARTITIONS', value: '8' });
    expect(env.find(({ name }) => name === 'INDEX')).toMatchObject({
      valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
    });
  });

  test('counts what a machine takes away as no failure, and tries failures of the program again', () => {
    expect(job({ attempts: 5, toleratedFailurePercent: 50, timeoutHours: 2 })).toMatchObject({
      backoffLimitPerIndex: 4,
      maxFailedIndexes: 4,
      activeDeadlineSeconds: 7200,
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
    });
  });

  test('reads and writes buckets as folders, the shards without a right to change them', () => {
    const volumes = at(pods(), 'volumes') as { name: string; csi?: object }[];
    expect(volumes.find(({ name }) => name === 'input')).toMatchObject({
      csi: { readOnly: true, volumeAttributes: { mountOptions: expect.stringMatching(/,only-dir=requests\/2026$/) } },
    });
    expect(volumes.find(({ name }) => name === 'results')).toMatchObject({
      csi: { readOnly: false, volumeAttributes: { mountOptions: expect.stringMatching(/,only-dir=batch$/) } },
    });
    expect(JSON.stringify(pods({ inputPrefix: '', results: { name: 'b' } }))).toContain(
      '"mountOptions":"implicit-dirs,uid=65532,gid=65532"',
    );
    expect(at(job(), 'template.metadata.annotations')).toEqual({ 'gke-gcsfuse/volumes': 'true' });
  });

  test('hands the batch command of vLLM to the script, which is a file: a kubelet reads no variable in it', () => {
    const { command } = at(pods({ server: ServingServer.vllm({ maxModelLength: 4096 }) }), 'containers.0') as {
      command: string[];
    };
    expect(command.slice(0, 5)).toEqual(['sh', '/worker/work-shards.sh', 'vllm', 'run-batch', '--model']);
    expect(command.join(' ')).toContain('--tensor-parallel-size 1 --served-model-name ranking --max-model-len 4096');
    expect(objectOf(objects(), 'ConfigMap').data).toHaveProperty(['work-shards.sh']);
  });

  test('lets nobody in, and out only to DNS, HTTPS and where identities come from', () => {
    const { ingress, egress } = objectOf(objects(), 'NetworkPolicy').spec as { ingress: []; egress: object[] };
    expect(ingress).toEqual([]);
    expect(egress).toHaveLength(4);
  });

  test('starts by the clock, or when someone starts one', () => {
    expect(objectOf(objects({ schedule: '0 2 * * *' }), 'CronJob').spec).toMatchObject({
      schedule: '0 2 * * *',
      suspend: false,
      concurrencyPolicy: 'Forbid',
    });
    expect(objectOf(objects(), 'CronJob').spec).toMatchObject({ suspend: true });
  });

  test('may wait in a queue', () => {
    const cron = objectOf(objects({ queue: 'night' }), 'CronJob');
    expect(at(cron, 'spec.jobTemplate.metadata.labels')).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'night' });
  });

  test('by hand is the job that the schedule would start', () => {
    const { inference } = synth({ queue: 'night' });
    const run = inference.run('ranking-1');
    expect(run).toMatchObject({ kind: 'Job', metadata: { name: 'ranking-1', namespace: 'ranking' } });
    expect(run.metadata.labels).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'night' });
    expect(JSON.stringify(run.spec)).toBe(
      JSON.stringify(job({ queue: 'night' }))
        .replace('${INPUT_BUCKET}', 'requests')
        .replace('${RESULTS_BUCKET}', 'results'),
    );
    expect(problemsOf(() => inference.run('Run 1'))).toMatchObject([{ code: 'KubernetesName', prop: 'run' }]);
  });
});

describe('the machines', () => {
  test('are spot with a fallback, and none stands while there is no work', () => {
    const pools = Object.values(resourcesOf(synth().stack, 'google_container_node_pool')).filter(
      ({ name }) => name !== 'system',
    );
    expect(pools.map(({ name }) => name).sort()).toEqual(['ranking', 'ranking-fallback']);
    for (const { autoscaling } of pools) {
      expect(autoscaling).toMatchObject({ total_min_node_count: 0, total_max_node_count: 4 });
    }
    expect(pods().nodeSelector).toEqual({ 'cloud.google.com/compute-class': 'ranking' });
  });

  test('have room for the model and for requests with each pod', () => {
    const [pool] = Object.values(resourcesOf(synth({ capacity: Capacity.spot() }).stack, 'google_container_node_pool'));
    expect(pool.node_config.disk_size_gb).toBe(200 + 2 * (19 + 20));
  });
});

describe('pods', () => {
  test('read shards and the model, and write results, and nothing else', () => {
    const stack = newStack();
    const results = new DataBucket(stack, 'Results', { location: 'us-central1' });
    const model = ServingModel.bucket({ name: 'models' }, { prefix: 'v3', sha256: SHA, sizeGiB: 15 });
    new BatchInference(stack, 'Ranking', { ...PROPS, results, model });
    const grants = Object.values(resourcesOf(stack, 'google_storage_bucket_iam_member'));
    expect(grants.map(({ role }) => role).sort()).toEqual([
      'roles/storage.objectUser',
      'roles/storage.objectViewer',
      'roles/storage.objectViewer',
    ]);
    for (const { member } of grants) expect(member).toMatch(/\/subject\/ns\/ranking\/sa\/ranking$/);
    const [release] = Object.values(resourcesOf(stack, 'helm_release'));
    const after = (release.depends_on as string[]).filter((one) => one.startsWith('google_storage_bucket_iam_member'));
    expect(after).toHaveLength(3);
  });

  test('have machines that come where the cluster has others, without which GKE would not taint them', () => {
    expect(waitsForSystemNodes(synth().stack, 'ranking')).toBe(true);
  });
});

describe('work', () => {
  const prices = [{ machine: 'a3-highgpu-8g', market: 'spot', usdPerHour: 30 }] as const;
  const work = { load: LOAD, requests: 1_000_000 };

  test('is estimated on what the machines hold, in time and in money', () => {
    const { inference } = synth({ ...H100, work, prices });
    const { hours, costs, plan } = inference.estimated!;
    expect(plan.replicas.count).toBe(32);
    expect(hours!.p25).toBeGreaterThan(hours!.median);
    expect(costs[0]).toMatchObject({ market: 'spot', usd: { median: expect.any(Number) } });
    expect(inference.estimate({ load: LOAD, requests: 2_000_000 }).hours!.median).toBeCloseTo(2 * hours!.median, 6);
  });

  test('takes half the time on twice the machines, and costs the same', () => {
    const of = (mostMachines: number) => synth({ ...H100, work, prices, mostMachines }).inference.estimated!;
    expect(of(2).hours!.median).toBeCloseTo(2 * of(4).hours!.median, 6);
    expect(of(2).costs[0]!.usd!.median).toBeCloseTo(of(4).costs[0]!.usd!.median, 6);
  });

  test('that cannot end in time, or costs too much, is refused with what would do', () => {
    const codes = (more: object) => refusalsOf(() => synth({ ...H100, prices, work: { ...work, ...more } }));
    expect(codes({ finishWithinHours: 0.001 })).toEqual(['DeadlineMissed work.finishWithinHours']);
    expect(codes({ budgetUsd: 0.01 })).toEqual(['BudgetExceeded work.budgetUsd']);
    expect(codes({ requests: 0 })).toEqual(['PlanningInput work.requests']);
  });

  test('of numbers that no run has is refused', () => {
    const codes = (more: object) => refusalsOf(() => synth({ ...H100, prices, work: { ...work, ...more } }));
    for (const requests of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      expect(codes({ requests })).toEqual(['PlanningInput work.requests']);
    }
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY, 0, -1]) {
      expect(codes({ finishWithinHours: none })).toEqual(['DeadlineInvalid work.finishWithinHours']);
      expect(codes({ budgetUsd: none })).toEqual(['BudgetInvalid work.budgetUsd']);
    }
    expect(codes({ budgetUsd: Token.asNumber({}) })).toEqual(['ValueUnknown work.budgetUsd']);
  });

  test('is held against what no software is faster than, where nothing was measured', () => {
    const least = { load: UNMEASURED, requests: 1_000_000 };
    const codes = (more: object) => refusalsOf(() => synth({ ...H100, prices, work: { ...least, ...more } }));
    expect(codes({ finishWithinHours: 0.001 })).toEqual(['DeadlineMissed work.finishWithinHours']);
    expect(codes({ budgetUsd: 0.01 })).toEqual(['BudgetExceeded work.budgetUsd']);
    expect(synth({ ...H100, prices, work: { ...least, budgetUsd: 1000 } }).inference.estimated!.hours).toBeUndefined();
  });

  test('on the edge is a doubt', () => {
    const { hours, costs } = synth({ ...H100, prices, work }).inference.estimated!;
    const tight = {
      ...work,
      finishWithinHours: (hours!.median + hours!.p25) / 2,
      budgetUsd: (costs[0]!.usd!.median + costs[0]!.usd!.p25) / 2,
    };
    const ids = findingsOf(synth({ ...H100, prices, work: tight }).inference).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['time/deadline', 'cost/budget']));
  });
});

const found = (changes: Changes = {}): FindingId[] => findingsOf(synth(changes).inference).map(({ id }) => id);
const PRICED = [
  { machine: 'g2-standard-24', market: 'spot', usdPerHour: 1 },
  { machine: 'g2-standard-24', market: 'on-demand', usdPerHour: 2 },
] as const;

test.each<[FindingId, Changes, Changes]>([
  ['image/mutable', {}, { server: ServingServer.vllm({ image: `vllm/vllm-openai@sha256:${'a'.repeat(64)}` }) }],
  ['spot/no-fallback', { capacity: Capacity.spot() }, {}],
  ['scaling/standing-nodes', { capacity: Capacity.reservation('l4') }, {}],
  [
    'batch/unpriced-market',
    { machine: GoogleMachine.A4X_HIGHGPU_4G, capacity: Capacity.reservation('r') },
    { prices: PRICED },
  ],
  [
    'evidence/no-measurement',
    { ...H100, work: { load: UNMEASURED, requests: 1e6 } },
    { ...H100, work: { load: LOAD, requests: 1e6 } },
  ],
  ['cost/price', { ...H100, pricesAsOf: '2031-01-01' }, { prices: PRICED }],
])('%s is recorded where there is a doubt, and not where there is none', (id, raised, taken) => {
  expect(found(raised)).toContain(id);
  expect(found(taken)).not.toContain(id);
});

test.each<[string, ErrorCode, string, Changes]>([
  ['a zone that is a region', 'LocationInvalid', 'zone', { zone: 'us-central1' }],
  ['no machine', 'BatchLimit', 'mostMachines', { mostMachines: 0 }],
  ['half a machine', 'BatchLimit', 'mostMachines', { mostMachines: 1.5 }],
  ['too many shards', 'BatchLimit', 'shardsPerStart', { shardsPerStart: 1001 }],
  ['no attempt', 'BatchLimit', 'attempts', { attempts: 0 }],
  ['more than all', 'BatchLimit', 'toleratedFailurePercent', { toleratedFailurePercent: 101 }],
  ['no time', 'BatchTimeout', 'timeoutHours', { timeoutHours: 0 }],
  ['a schedule in words', 'BatchSchedule', 'schedule', { schedule: 'daily' }],
  ['a queue in capitals', 'KubernetesName', 'queue', { queue: 'Night' }],
  ['a name in capitals', 'KubernetesName', 'name', { name: 'Ranking' }],
  [
    'Triton',
    'ServingContainerInvalid',
    'server',
    { server: ServingServer.triton(), model: ServingModel.volume('m', { sizeGiB: 1 }) },
  ],
  ['the public image on TPUs', 'ImageMissing', 'server.image', { machine: GoogleMachine.CT6E_STANDARD_8T }],
  [
    'a part of the TPUs',
    'BatchShare',
    'acceleratorsPerReplica',
    { machine: GoogleMachine.CT6E_STANDARD_8T, acceleratorsPerReplica: 1 },
  ],
  ['more accelerators than a machine has', 'BatchShare', 'acceleratorsPerReplica', { acceleratorsPerReplica: 4 }],
  [
    'a slice of several machines',
    'TpuTopology',
    'topology',
    { machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' },
  ],
  [
    'weights that do not fit',
    'MemoryTooSmall',
    'acceleratorsPerReplica',
    { model: hub(30), acceleratorsPerReplica: 1 },
  ],
  ['queued machines', 'MarketUnsupported', 'capacity', { capacity: Capacity.flexStart({ queued: true }) }],
  ['a prefix without a slash', 'ShardPrefix', 'inputPrefix', { inputPrefix: 'requests' }],
  ['a prefix with a comma', 'ShardPrefix', 'resultsPrefix', { resultsPrefix: 'a,ro/' }],
  ['results among the shards', 'ShardPrefix', 'resultsPrefix', { results: PROPS.input, inputPrefix: '' }],
  ['shards among the results', 'ShardPrefix', 'inputPrefix', { results: PROPS.input, inputPrefix: 'batch/output/x/' }],
  ['options of a cluster that stands', 'ClusterOption', 'version', { cluster: CLUSTER, version: '1.35' }],
])('%s is refused by %s', (_what, code, prop, changes) => {
  expect(problemsOf(() => synth(changes)).map((problem) => `${problem.code} ${problem.prop}`)).toContain(
    `${code} ${prop}`,
  );
});

test('what is wrong with the zone is told once', () => {
  expect(refusalsOf(() => synth({ zone: 'us-central1' }))).toEqual(['LocationInvalid zone']);
});

test('addresses of further interfaces that the network of the cluster has are refused', () => {
  const network = new MlNetwork(newStack(), 'Network', { region: 'us-central1', serviceCidr: '192.168.240.0/20' });
  const run = () => new BatchInference(network.node.scope!, 'Ranking', { ...PROPS, ...H100, network });
  expect(problemsOf(run)).toEqual([expect.objectContaining({ code: 'CidrOverlap', prop: 'networks' })]);
});

refusesNoProps((props) => new BatchInference(newStack(), 'A', props));

test('GitOps installs nothing, and says what its variables stand for', () => {
  const { stack, inference } = synth({ installation: Installation.gitOps() });
  expect(resourcesOf(stack, 'helm_release')).toEqual({});
  expect(Object.keys(inference.bundle.variables ?? {})).toEqual(['INPUT_BUCKET', 'RESULTS_BUCKET']);
  const { output } = JSON.parse(Testing.synth(stack)) as { output: Record<string, { value: string }> };
  expect(Object.values(output).map(({ value }) => value)).toEqual(['requests', 'results']);
});

describe.each<[string, Changes]>([
  ['the usual way', { schedule: '0 2 * * *', queue: 'night' }],
  ['a model in a bucket', { model: ServingModel.bucket({ name: 'm' }, { prefix: 'v', sha256: SHA, sizeGiB: 15 }) }],
  [
    'TPUs',
    {
      machine: GoogleMachine.CT6E_STANDARD_8T,
      server: ServingServer.vllm({ image: 'example.com/tpu:1' }),
      capacity: Capacity.spot(),
    },
  ],
])('%s', (_way, changes) => {
  schemaTest('gives objects that their kinds take', () => {
    const { inference } = synth(changes);
    const all = [...inference.bundle.manifests, inference.run('one')];
    expect(all.flatMap((one) => manifestFaults(one).map((fault) => `${one.kind}: ${fault}`))).toEqual([]);
  });
});
