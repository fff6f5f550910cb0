import { Testing, Token } from 'cdktf';
import { type ErrorCode, type FindingId, findingsOf, Prices } from 'ai-infra-constructs';
import {
  BatchInference,
  Capacity,
  ClusterSource,
  DataBucket,
  GoogleMachine,
  Installation,
  MlNetwork,
  ServingModel,
  ServingServer,
} from 'ai-infra-constructs/google';
import { atProbability } from 'ai-infra-constructs/planning';
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
  test('divides the machines into pods, and the shards between the pods', () => {
    const { inference } = synth();
    expect(inference.replicas).toBe(8);
    expect(job()).toMatchObject({ completionMode: 'Indexed', completions: 8, parallelism: 8 });
    const env = at(pods(), 'containers.0.env') as { name: string; value?: string }[];
    expect(env).toContainEqual({ name: 'PARTITIONS', value: '8' });
    expect(env.find(({ name }) => name === 'INDEX')).toMatchObject({
      valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
    });
  });

  test('waits for the pods of another run, also if one run was created by hand', () => {
    const { inference } = synth({ schedule: '0 2 * * *' });
    const alone = {
      labelSelector: { matchLabels: { 'ai-infra/batch': at(objectOf(objects(), 'CronJob'), 'metadata.name') } },
      mismatchLabelKeys: ['batch.kubernetes.io/controller-uid'],
      topologyKey: 'kubernetes.io/os',
    };
    const path = 'affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution';
    expect(at(pods({ schedule: '0 2 * * *' }), path)).toEqual([alone]);
    expect(at(inference.run('by-hand'), `spec.template.spec.${path}`)).toEqual([alone]);
    expect(at(inference.run('by-hand'), 'spec.template.spec.affinity.nodeAffinity')).toBeDefined();
  });

  test('ignores disruptions, and retries a failed program', () => {
    expect(job({ attempts: 5, toleratedFailurePercent: 50, timeoutHours: 2 })).toMatchObject({
      backoffLimitPerIndex: 4,
      maxFailedIndexes: 4,
      activeDeadlineSeconds: 7200,
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
    });
  });

  test('mounts the buckets as folders, the shards read-only', () => {
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

  test('passes the vLLM batch command to a script from a file, so that the kubelet expands no variables', () => {
    const { command } = at(pods({ server: ServingServer.vllm({ maxModelLength: 4096 }) }), 'containers.0') as {
      command: string[];
    };
    expect(command.slice(0, 5)).toEqual(['sh', '/worker/work-shards.sh', 'vllm', 'run-batch', '--model']);
    expect(command.join(' ')).toContain('--tensor-parallel-size 1 --served-model-name ranking --max-model-len 4096');
    expect(objectOf(objects(), 'ConfigMap').data).toHaveProperty(['work-shards.sh']);
  });

  test('denies ingress, and allows egress only to DNS, HTTPS and the metadata server', () => {
    const { ingress, egress } = objectOf(objects(), 'NetworkPolicy').spec as { ingress: []; egress: object[] };
    expect(ingress).toEqual([]);
    expect(egress).toHaveLength(4);
  });

  test('starts on a schedule, or is suspended without one', () => {
    expect(objectOf(objects({ schedule: '0 2 * * *' }), 'CronJob').spec).toMatchObject({
      schedule: '0 2 * * *',
      suspend: false,
      concurrencyPolicy: 'Forbid',
    });
    expect(objectOf(objects(), 'CronJob').spec).toMatchObject({ suspend: true });
  });

  test('can wait in a queue', () => {
    const cron = objectOf(objects({ queue: 'night' }), 'CronJob');
    expect(at(cron, 'spec.jobTemplate.metadata.labels')).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'night' });
  });

  test('can be created as the Job that the schedule starts', () => {
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

describe('node pools', () => {
  test('use spot capacity with a fallback by default, and scale to zero', () => {
    const pools = Object.values(resourcesOf(synth().stack, 'google_container_node_pool')).filter(
      ({ name }) => name !== 'system',
    );
    expect(pools.map(({ name }) => name).sort()).toEqual(['ranking', 'ranking-fallback']);
    for (const { autoscaling } of pools) {
      expect(autoscaling).toMatchObject({ total_min_node_count: 0, total_max_node_count: 4 });
    }
    expect(pods().nodeSelector).toEqual({ 'cloud.google.com/compute-class': 'ranking' });
  });

  test('size the boot disk for the model and the requests of each pod', () => {
    const [pool] = Object.values(resourcesOf(synth({ capacity: Capacity.spot() }).stack, 'google_container_node_pool'));
    expect(pool.node_config.disk_size_gb).toBe(200 + 2 * (19 + 20));
  });
});

describe('pods', () => {
  test('can read shards and the model, and write results', () => {
    const stack = newStack();
    const results = new DataBucket(stack, 'Results', { region: 'us-central1' });
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

  test('run on nodes that are created after the system nodes, so that GKE adds the taints of accelerators', () => {
    expect(waitsForSystemNodes(synth().stack, 'ranking')).toBe(true);
  });
});

describe('work', () => {
  const prices = Prices.of([{ machine: 'a3-highgpu-8g', market: 'spot', usdPerHour: 30 }]);
  const work = { load: LOAD, requests: 1_000_000 };

  test('has an estimate of time and cost for the machines', () => {
    const { inference } = synth({ ...H100, work, prices });
    const { hours, costs, plan } = inference.estimated!;
    expect(plan.replicas.count).toBe(32);
    expect(hours!.p90).toBeGreaterThan(hours!.median);
    expect(costs[0]).toMatchObject({ market: 'spot', usd: { median: expect.any(Number) } });
    expect(inference.estimate({ load: LOAD, requests: 2_000_000 }).hours!.median).toBeCloseTo(2 * hours!.median, 6);
  });

  test('needs half the time on twice the machines, at the same cost', () => {
    const of = (maxMachines: number) => synth({ ...H100, work, prices, maxMachines }).inference.estimated!;
    expect(of(2).hours!.median).toBeCloseTo(2 * of(4).hours!.median, 6);
    expect(of(2).costs[0]!.usd!.median).toBeCloseTo(of(4).costs[0]!.usd!.median, 6);
  });

  test('is rejected if it exceeds its time or cost limit', () => {
    const codes = (more: object) => refusalsOf(() => synth({ ...H100, prices, work: { ...work, ...more } }));
    expect(codes({ finishWithinHours: 0.001 })).toEqual(['DeadlineMissed work.finishWithinHours']);
    expect(codes({ budgetUsd: 0.01 })).toEqual(['BudgetExceeded work.budgetUsd']);
    expect(codes({ requests: 0 })).toEqual(['PlanningInput work.requests']);
  });

  test('is rejected with invalid numbers', () => {
    const codes = (more: object) => refusalsOf(() => synth({ ...H100, prices, work: { ...work, ...more } }));
    for (const requests of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      expect(codes({ requests })).toEqual(['PlanningInput work.requests']);
    }
    for (const invalid of [Number.NaN, Number.POSITIVE_INFINITY, 0, -1]) {
      expect(codes({ finishWithinHours: invalid })).toEqual(['DeadlineInvalid work.finishWithinHours']);
      expect(codes({ budgetUsd: invalid })).toEqual(['BudgetInvalid work.budgetUsd']);
    }
    expect(codes({ budgetUsd: Token.asNumber({}) })).toEqual(['ValueUnknown work.budgetUsd']);
  });

  test('is checked against an estimate from similar classes without published runs', () => {
    const unmeasured = { load: UNMEASURED, requests: 1_000_000 };
    const codes = (more: object) => refusalsOf(() => synth({ ...H100, prices, work: { ...unmeasured, ...more } }));
    expect(codes({ finishWithinHours: 0.001 })).toEqual(['DeadlineMissed work.finishWithinHours']);
    expect(codes({ budgetUsd: 0.01 })).toEqual(['BudgetExceeded work.budgetUsd']);
    const { estimated } = synth({ ...H100, prices, work: { ...unmeasured, budgetUsd: 1000 } }).inference;
    expect(estimated).toMatchObject({ evidence: 'nearest', hours: { median: expect.any(Number) } });
  });

  test('records a finding if only the median is within the limits', () => {
    const { hours, costs } = synth({ ...H100, prices, work }).inference.estimated!;
    const tight = {
      ...work,
      finishWithinHours: atProbability(hours!, 0.65),
      budgetUsd: atProbability(costs[0]!.usd!, 0.65),
    };
    const ids = findingsOf(synth({ ...H100, prices, work: tight }).inference).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['time/deadline', 'cost/budget']));
  });
});

const found = (changes: Changes = {}): FindingId[] => findingsOf(synth(changes).inference).map(({ id }) => id);
const PRICED = Prices.of([
  { machine: 'g2-standard-24', market: 'spot', usdPerHour: 1 },
  { machine: 'g2-standard-24', market: 'on-demand', usdPerHour: 2 },
]);

test.each<[FindingId, Changes, Changes]>([
  ['image/mutable', {}, { server: ServingServer.vllm({ image: `vllm/vllm-openai@sha256:${'a'.repeat(64)}` }) }],
  ['spot/no-fallback', { capacity: Capacity.spot() }, {}],
  ['scaling/fixed-nodes', { capacity: Capacity.reservation('l4') }, {}],
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
  ['cost/price', { ...H100, prices: Prices.asOf('2031-01-01') }, { prices: PRICED }],
])('records %s only if it applies', (id, raising, other) => {
  expect(found(raising)).toContain(id);
  expect(found(other)).not.toContain(id);
});

test.each<[string, ErrorCode, string, Changes]>([
  ['a region as zone', 'LocationInvalid', 'zone', { zone: 'us-central1' }],
  ['no machines', 'BatchLimit', 'maxMachines', { maxMachines: 0 }],
  ['half a machine', 'BatchLimit', 'maxMachines', { maxMachines: 1.5 }],
  ['too many shards', 'BatchLimit', 'shardsPerTask', { shardsPerTask: 1001 }],
  ['no attempts', 'BatchLimit', 'attempts', { attempts: 0 }],
  ['more than 100 percent', 'BatchLimit', 'toleratedFailurePercent', { toleratedFailurePercent: 101 }],
  ['a timeout of 0', 'BatchTimeout', 'timeoutHours', { timeoutHours: 0 }],
  ['a schedule in words', 'BatchSchedule', 'schedule', { schedule: 'daily' }],
  ['a queue in uppercase', 'KubernetesName', 'queue', { queue: 'Night' }],
  ['the namespace of training jobs', 'KubernetesName', 'namespace', { namespace: 'training' }],
  ['a name in uppercase', 'KubernetesName', 'name', { name: 'Ranking' }],
  [
    'Triton',
    'ServingContainerInvalid',
    'server',
    { server: ServingServer.triton(), model: ServingModel.volume('m', { sizeGiB: 1 }) },
  ],
  ['the public image on TPUs', 'ImageMissing', 'server.image', { machine: GoogleMachine.CT6E_STANDARD_8T }],
  [
    'a part of the TPU chips',
    'BatchShare',
    'acceleratorsPerReplica',
    { machine: GoogleMachine.CT6E_STANDARD_8T, acceleratorsPerReplica: 1 },
  ],
  ['more accelerators than a machine has', 'BatchShare', 'acceleratorsPerReplica', { acceleratorsPerReplica: 4 }],
  [
    'a TPU slice of several machines',
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
  [
    'system labels that accelerator nodes also have',
    'ClusterOption',
    'cluster.systemLabels',
    {
      cluster: ClusterSource.fromCluster(CLUSTER, {
        systemLabels: { 'cloud.google.com/gke-accelerator': 'nvidia-l4' },
      }),
    },
  ],
])('rejects %s with %s', (_what, code, prop, changes) => {
  expect(refusalsOf(() => synth(changes))).toContain(`${code} ${prop}`);
});

test('reports an invalid zone once', () => {
  expect(refusalsOf(() => synth({ zone: 'us-central1' }))).toEqual(['LocationInvalid zone']);
});

test('rejects additional interfaces that overlap the network of the cluster', () => {
  const network = new MlNetwork(newStack(), 'Network', { region: 'us-central1', serviceCidr: '192.168.240.0/20' });
  const run = () => new BatchInference(network.node.scope!, 'Ranking', { ...PROPS, ...H100, network });
  expect(problemsOf(run)).toEqual([expect.objectContaining({ code: 'CidrOverlap', prop: 'nodeOptions.networks' })]);
});

refusesNoProps((props) => new BatchInference(newStack(), 'A', props));

test('GitOps installs nothing, and outputs the value of each variable', () => {
  const { stack, inference } = synth({ installation: Installation.gitOps() });
  expect(resourcesOf(stack, 'helm_release')).toEqual({});
  expect(Object.keys(inference.bundle.variables ?? {})).toEqual(['INPUT_BUCKET', 'RESULTS_BUCKET']);
  const { output } = JSON.parse(Testing.synth(stack)) as { output: Record<string, { value: string }> };
  expect(Object.values(output).map(({ value }) => value)).toEqual(['requests', 'results']);
});

test('makes up to five attempts by default', () => {
  expect(job()).toMatchObject({ backoffLimitPerIndex: 4 });
});

describe.each<[string, Changes]>([
  ['a schedule and a queue', { schedule: '0 2 * * *', queue: 'night' }],
  ['a model in a bucket', { model: ServingModel.bucket({ name: 'm' }, { prefix: 'v', sha256: SHA, sizeGiB: 15 }) }],
  [
    'TPUs',
    {
      machine: GoogleMachine.CT6E_STANDARD_8T,
      server: ServingServer.vllm({ image: 'example.com/tpu:1' }),
      capacity: Capacity.spot(),
    },
  ],
])('%s', (_title, changes) => {
  schemaTest('creates objects that match their schemas', () => {
    const { inference } = synth(changes);
    const all = [...inference.bundle.manifests, inference.run('one')];
    expect(all.flatMap((one) => manifestFaults(one).map((fault) => `${one.kind}: ${fault}`))).toEqual([]);
  });
});
