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
  test('scales from zero, and removes idle nodes after 15 minutes', () => {
    const { resource } = synthMlCluster({ maxNodes: 8 });
    expect(resource.body.properties.properties.scaleSettings).toEqual({
      maxNodeCount: 8,
      minNodeCount: 0,
      nodeIdleTimeBeforeScaleDown: 'PT15M',
    });
  });

  test('is in the region of its workspace, without public addresses and sign-in', () => {
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
  ])('has the VM priority of its capacity', (capacity, priority) => {
    expect(synthMlCluster({ capacity }).resource.body.properties.properties.vmPriority).toBe(priority);
  });

  test('uses the given subnet', () => {
    expect(synthMlCluster({ subnetId: SUBNET }).resource.body.properties.properties.subnet).toEqual({ id: SUBNET });
  });

  test('creates an identity with role assignments', () => {
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

  test('uses the given identity without role assignments', () => {
    const { stack, resource } = synthMlCluster({ identity: IDENTITY });
    expect(rolesOf(stack)).toEqual({});
    expect(resource.identity).toEqual([{ type: 'UserAssigned', identity_ids: [IDENTITY.id] }]);
  });

  test('has a globally unique name of at most 24 characters', () => {
    const { name } = synthMlCluster().resource as { name: string };
    expect(name).toMatch(/^test-tra-[0-9a-f]{8}-\$\{substr\(sha256\(data\.azurerm_client_config\./);
    expect(name.replace(/\$\{.*\}$/, '').length + 6).toBeLessThanOrEqual(24);
  });

  armTest('has a valid request body', () => {
    expect(faultsOf(synthMlCluster({ maxNodes: 4, subnetId: SUBNET }).resource)).toEqual([]);
  });
});

describe('validation', () => {
  test('rejects more nodes than one cluster supports', () => {
    expect(refused({ maxNodes: 101 })).toMatchObject([
      {
        code: 'NodesOutOfRange',
        prop: 'maxNodes',
        allowed: expect.stringContaining('from 1 to 100') as string,
        got: 101,
      },
    ]);
    expect(() => synthMlCluster({ maxNodes: 101, machine: AzureMachine.NC24ADS_A100_V4 })).not.toThrow();
    expect(refused({ maxNodes: 301, machine: AzureMachine.NC24ADS_A100_V4 })).toMatchObject([
      { code: 'NodesOutOfRange' },
    ]);
  });

  test.each([0, -1, 1.5, NaN])('rejects %p nodes', (maxNodes) => {
    expect(refused({ maxNodes })).toContainEqual(
      expect.objectContaining({ code: 'NodesOutOfRange', prop: 'maxNodes' }),
    );
  });

  test('rejects minNodes greater than maxNodes', () => {
    expect(refused({ maxNodes: 2, minNodes: 3 })).toMatchObject([{ code: 'NodesOutOfRange', prop: 'minNodes' }]);
  });

  test.each([0, 1441, 2.5])('rejects %p idle minutes', (idleMinutes) => {
    expect(refused({ idleMinutes })).toMatchObject([{ code: 'NodesOutOfRange', prop: 'idleMinutes' }]);
  });

  test.each(['ab', '1ab', 'a-', 'a'.repeat(25), 'a_b'])('rejects the name %p', (clusterName) => {
    expect(refused({ clusterName })).toMatchObject([{ code: 'AzureName', prop: 'clusterName' }]);
  });

  test('rejects a reservation, and a maximum price for low-priority nodes', () => {
    const group = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/h100';
    expect(refused({ capacity: Capacity.reservation(group) })).toMatchObject([{ code: 'MarketUnsupported' }]);
    expect(refused({ capacity: Capacity.spot({ maxUsdPerHour: 9 }) })).toMatchObject([{ code: 'MarketUnsupported' }]);
  });

  test('requires a subnet without a managed network', () => {
    const workspace = { ...WORKSPACE, hasManagedNetwork: false };
    expect(refused({ workspace })).toMatchObject([{ code: 'ValueMissing', prop: 'subnetId' }]);
    expect(() => synthMlCluster({ workspace, subnetId: SUBNET })).not.toThrow();
  });

  test('requires an identity if the storage account is unknown', () => {
    const { id, resourceGroup } = WORKSPACE;
    expect(refused({ workspace: { id, resourceGroup } })).toMatchObject([{ code: 'ValueMissing', prop: 'identity' }]);
    expect(() => synthMlCluster({ workspace: { id, resourceGroup }, identity: IDENTITY })).not.toThrow();
  });

  test('rejects ids of other resource types', () => {
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

  test.each([undefined, null, 7, [], { workspace: null, machine: 'Standard_ND96isr_H100_v5', maxNodes: '4' }])(
    'rejects hostile props %p',
    (props) => {
      const codes = codesOf(() => new MachineLearningCluster(newStack(), 'Train', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing'].includes(code))).toBe(true);
    },
  );

  test('accepts only numbers of nodes in the supported range', () => {
    const machines = constantFrom(AzureMachine.ND96ISR_H100_V5, AzureMachine.NC48ADS_A100_V4);
    check(
      property(machines, integer({ min: -5, max: 400 }), (machine, nodes) => {
        const limit = machine.infiniband ? 100 : 300;
        const run = () => synthMlCluster({ machine, maxNodes: nodes, identity: IDENTITY });
        if (nodes >= 1 && nodes <= limit)
          expect(run().resource.body.properties.properties.scaleSettings.maxNodeCount).toBe(nodes);
        else expect(codesOf(run)).toContain('NodesOutOfRange');
      }),
      { numRuns: 30 },
    );
  });
});

describe('a job', () => {
  test('sizes maxNodes, and is planned in the region', () => {
    const { cluster, resource } = synthMlCluster({ job: job() });
    expect(cluster.plan?.cluster).toMatchObject({ machine: 'Standard_ND96isr_H100_v5', nodes: cluster.maxNodes });
    expect(resource.body.properties.properties.scaleSettings.maxNodeCount).toBe(cluster.maxNodes);
  });

  test('is rejected if it is longer than the limit of the service', () => {
    const model = ModelSpec.LLAMA_3_1_8B;
    const long = TrainingJob.pretrain({ model, tokens: 2e11 });
    expect(refused({ maxNodes: 1, job: long })).toContainEqual(
      expect.objectContaining({ code: 'JobTooLong', allowed: expect.stringContaining('at most 21 days') as string }),
    );
    const week = TrainingJob.pretrain({ model, tokens: 6e10 });
    expect(() => synthMlCluster({ maxNodes: 1, job: week })).not.toThrow();
    expect(refused({ maxNodes: 1, job: week, capacity: Capacity.spot() }).map(({ code }) => code)).toContain(
      'JobTooLong',
    );
  });

  test('reports unknown storage throughput', () => {
    const { cluster } = synthMlCluster({ maxNodes: 4, job: job() });
    expect(findingsOf(cluster).map(({ id }) => id)).toContain('storage/unknown-throughput');
  });

  test('reports a job that can exceed the limit', () => {
    const { cluster } = synthMlCluster({
      maxNodes: 1,
      job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 7.2e10 }),
    });
    expect(findingsOf(cluster).map(({ id }) => id)).toContain('time/job-limit');
  });
});
