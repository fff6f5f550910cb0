import { findingsOf, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import {
  AzureMachine,
  Capacity,
  MachineLearningCluster,
  type MachineLearningClusterProps,
} from 'ai-infra-constructs/azure';
import { assert as check, constantFrom, integer, property } from 'fast-check';
import { armTest, faultsOf } from '../arm';
import { codesOf, newStack, problemsOf } from '../support';
import { IDENTITY, rolesOf, SUBNET, synthMlCluster, WORKSPACE } from './support';

const refused = (props: Partial<MachineLearningClusterProps>) => problemsOf(() => synthMlCluster(props));
const job = (tokens = 2e10) => TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens, finishWithinDays: 20 });

describe('a compute cluster', () => {
  test('comes from no node when jobs wait, and goes after a quarter of an hour', () => {
    const { resource } = synthMlCluster({ nodes: 8 });
    expect(resource.body.properties.properties.scaleSettings).toEqual({
      maxNodeCount: 8,
      minNodeCount: 0,
      nodeIdleTimeBeforeScaleDown: 'PT15M',
    });
  });

  test('stands in its workspace and region, without public addresses and logins', () => {
    const { resource } = synthMlCluster();
    expect(resource).toMatchObject({ parent_id: WORKSPACE.id, location: 'swedencentral' });
    expect(resource.body.properties).toMatchObject({ disableLocalAuth: true, computeLocation: 'swedencentral' });
    expect(resource.body.properties.properties).toMatchObject({
      vmSize: 'Standard_ND96isr_H100_v5',
      enableNodePublicIp: false,
      remoteLoginPortPublicAccess: 'Disabled',
    });
  });

  test.each([
    [undefined, 'Dedicated'],
    [Capacity.onDemand(), 'Dedicated'],
    [Capacity.spot(), 'LowPriority'],
  ])('buys nodes as it is told', (capacity, priority) => {
    expect(synthMlCluster({ capacity }).resource.body.properties.properties.vmPriority).toBe(priority);
  });

  test('takes a subnet of yours', () => {
    expect(synthMlCluster({ subnetId: SUBNET }).resource.body.properties.properties.subnet).toEqual({ id: SUBNET });
  });

  test('acts as an identity that has its rights before the first job', () => {
    const { stack, resource } = synthMlCluster();
    const roles = rolesOf(stack);
    expect(
      Object.values(roles)
        .map(({ role }) => role)
        .sort(),
    ).toEqual([
      'AcrPull',
      'Storage Blob Data Contributor',
      'Storage Queue Data Contributor',
      'Storage Table Data Contributor',
    ]);
    expect(resource.depends_on).toEqual(
      expect.arrayContaining(Object.keys(roles).map((address) => `azurerm_role_assignment.${address}`)),
    );
    expect(resource.identity).toMatchObject([{ type: 'UserAssigned' }]);
  });

  test('acts as the identity that is given, and gives it no rights', () => {
    const { stack, resource } = synthMlCluster({ identity: IDENTITY });
    expect(rolesOf(stack)).toEqual({});
    expect(resource.identity).toEqual([{ type: 'UserAssigned', identity_ids: [IDENTITY.id] }]);
  });

  test('has a name that no other subscription has, of at most 24 characters', () => {
    const { name } = synthMlCluster().resource as { name: string };
    expect(name).toMatch(/^test-tra-[0-9a-f]{8}-\$\{substr\(sha256\(data\.azurerm_client_config\./);
    expect(name.replace(/\$\{.*\}$/, '').length + 6).toBeLessThanOrEqual(24);
  });

  armTest('is a body that the API takes', () => {
    expect(faultsOf(synthMlCluster({ nodes: 4, subnetId: SUBNET }).resource)).toEqual([]);
  });
});

describe('what a cluster refuses', () => {
  test('more nodes than one cluster of machines with RDMA has', () => {
    expect(refused({ nodes: 101 })).toMatchObject([
      { code: 'NodesOutOfRange', prop: 'nodes', allowed: expect.stringContaining('from 1 to 100') as string, got: 101 },
    ]);
    expect(() => synthMlCluster({ nodes: 101, machine: AzureMachine.NC24ADS_A100_V4 })).not.toThrow();
    expect(refused({ nodes: 301, machine: AzureMachine.NC24ADS_A100_V4 })).toMatchObject([{ code: 'NodesOutOfRange' }]);
  });

  test.each([0, -1, 1.5, NaN])('%p nodes', (nodes) => {
    expect(refused({ nodes })).toContainEqual(expect.objectContaining({ code: 'NodesOutOfRange', prop: 'nodes' }));
  });

  test('more nodes that stand than there are', () => {
    expect(refused({ nodes: 2, minimumNodes: 3 })).toMatchObject([{ code: 'NodesOutOfRange', prop: 'minimumNodes' }]);
  });

  test.each([0, 1441, 2.5])('%p minutes of idleness', (idleMinutes) => {
    expect(refused({ idleMinutes })).toMatchObject([{ code: 'NodesOutOfRange', prop: 'idleMinutes' }]);
  });

  test.each(['ab', '1ab', 'a-', 'a'.repeat(25), 'a_b'])('the name %p', (clusterName) => {
    expect(refused({ clusterName })).toMatchObject([{ code: 'AzureName', prop: 'clusterName' }]);
  });

  test('a reservation, and a price for low-priority nodes', () => {
    const group = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/h100';
    expect(refused({ capacity: Capacity.reservation(group) })).toMatchObject([{ code: 'MarketUnsupported' }]);
    expect(refused({ capacity: Capacity.spot({ maxUsdPerHour: 9 }) })).toMatchObject([{ code: 'MarketUnsupported' }]);
  });

  test('a workspace without a network of its own, and no subnet', () => {
    const workspace = { ...WORKSPACE, hasManagedNetwork: false };
    expect(refused({ workspace })).toMatchObject([{ code: 'ValueMissing', prop: 'subnetId' }]);
    expect(() => synthMlCluster({ workspace, subnetId: SUBNET })).not.toThrow();
  });

  test('an unknown storage account, and no identity', () => {
    const { id, resourceGroup } = WORKSPACE;
    expect(refused({ workspace: { id, resourceGroup } })).toMatchObject([{ code: 'ValueMissing', prop: 'identity' }]);
    expect(() => synthMlCluster({ workspace: { id, resourceGroup }, identity: IDENTITY })).not.toThrow();
  });

  test('ids of something else', () => {
    const wrong = {
      workspace: { ...WORKSPACE, id: 'research' },
      subnetId: IDENTITY.id,
      identity: { ...IDENTITY, id: SUBNET },
    };
    expect(refused(wrong).map(({ code, prop }) => [code, prop])).toEqual([
      ['ResourceIdInvalid', 'workspace.id'],
      ['ResourceIdInvalid', 'identity.id'],
      ['ResourceIdInvalid', 'subnetId'],
    ]);
  });

  test.each([undefined, null, 7, [], { workspace: null, machine: 'Standard_ND96isr_H100_v5', nodes: '4' }])(
    'hostile props %p',
    (props) => {
      const codes = codesOf(() => new MachineLearningCluster(newStack(), 'Train', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing'].includes(code))).toBe(true);
    },
  );

  test('any number of nodes is taken or refused by its range', () => {
    const machines = constantFrom(AzureMachine.ND96ISR_H100_V5, AzureMachine.NC48ADS_A100_V4);
    check(
      property(machines, integer({ min: -5, max: 400 }), (machine, nodes) => {
        const most = machine.infiniband ? 100 : 300;
        const run = () => synthMlCluster({ machine, nodes, identity: IDENTITY });
        if (nodes >= 1 && nodes <= most)
          expect(run().resource.body.properties.properties.scaleSettings.maxNodeCount).toBe(nodes);
        else expect(codesOf(run)).toContain('NodesOutOfRange');
      }),
      { numRuns: 30 },
    );
  });
});

describe('a job', () => {
  test('decides the nodes that were left open, and is planned in the region', () => {
    const { cluster, resource } = synthMlCluster({ job: job() });
    expect(cluster.plan?.cluster).toMatchObject({ machine: 'Standard_ND96isr_H100_v5', nodes: cluster.nodes });
    expect(resource.body.properties.properties.scaleSettings.maxNodeCount).toBe(cluster.nodes);
  });

  test('may not take longer than the service lets it, shorter still on low-priority nodes', () => {
    const model = ModelSpec.LLAMA_3_1_8B;
    const long = TrainingJob.pretrain({ model, tokens: 2e11 });
    expect(refused({ nodes: 1, job: long })).toContainEqual(
      expect.objectContaining({ code: 'JobTooLong', allowed: expect.stringContaining('within 21 days') as string }),
    );
    const week = TrainingJob.pretrain({ model, tokens: 6e10 });
    expect(() => synthMlCluster({ nodes: 1, job: week })).not.toThrow();
    expect(refused({ nodes: 1, job: week, capacity: Capacity.spot() }).map(({ code }) => code)).toContain('JobTooLong');
  });

  test('tells that the storage was not measured', () => {
    const { cluster } = synthMlCluster({ nodes: 4, job: job() });
    expect(findingsOf(cluster).map(({ id }) => id)).toContain('storage/unknown-throughput');
  });

  test('warns where only a quick run ends in time', () => {
    const { cluster } = synthMlCluster({
      nodes: 1,
      job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 7.2e10 }),
    });
    expect(findingsOf(cluster).map(({ id }) => id)).toContain('time/job-limit');
  });
});
