import * as fc from 'fast-check';
import {
  AzureMachine,
  Capacity,
  ClusterSource,
  GpuDriver,
  InfinibandFeature,
  Installation,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingPlatform,
  TrainingStorage,
} from 'ai-infra-constructs/azure';
import { TRAINING_CLUSTER_PROPS } from '../../../lib/azure/prop-schemas';
import { at } from '../../kubernetes/at';
import { refusesJunk, refusesNoProps } from '../../junk';
import { unlessRefused } from '../../refusals';
import { featureFor } from '../nodes/support';
import { newStack } from '../support';
import { allOf, GROUP, objectsIn, ofKind } from './support';

const storage = fc.oneof(
  fc.constant(TrainingStorage.none()),
  fc.integer({ min: 0, max: 50 }).map((steps) => TrainingStorage.lustre({ sizeGiB: steps * 4096 })),
  fc.integer({ min: 1, max: 50_000 }).map((MBps) => TrainingStorage.lustre({ requiredThroughputMBps: MBps })),
);
const often = <T>(right: T, ...others: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(right) }, fc.constantFrom(right, ...others));
const plausible: fc.Arbitrary<TrainingClusterProps> = fc.constantFrom(...AzureMachine.all).chain((machine) =>
  fc
    .record(
      {
        nodes: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 120 }) }, fc.integer({ min: 0, max: 400 })),
        infinibandFeature: often(featureFor(machine), ...Object.values(InfinibandFeature)),
        zone: often<string | undefined>('1', undefined, '3', '4'),
        capacity: often(
          Capacity.onDemand(),
          Capacity.spot(),
          Capacity.newReservation({ confirm: 'costs until deleted' }),
        ),
        nodeOptions: often({ driver: GpuDriver.GPU_OPERATOR }, { driver: GpuDriver.AKS }),
        compactPlacement: often(false, true),
        storage,
        installation: fc.constantFrom(Installation.byDeployment(), Installation.gitOps()),
        cluster: often('1.35', '1.33', '1.35.1').map((kubernetesVersion) =>
          ClusterSource.create({ kubernetesVersion }),
        ),
      },
      { requiredKeys: ['nodes', 'zone', 'infinibandFeature'] },
    )
    .map((props) => ({ resourceGroup: GROUP, machine, ...props })),
);

/** The stack of valid props, or undefined if they are rejected. */
function build(props: TrainingClusterProps) {
  const stack = newStack();
  return unlessRefused(() => ({ stack, cluster: new TrainingCluster(stack, 'Pretrain', props) }));
}

test('rejects plausible props with a code, or wires all accelerators and interfaces of every node', () => {
  let accepted = 0;
  fc.assert(
    fc.property(plausible, (props) => {
      const built = build(props);
      if (!built) return;
      accepted++;
      const { machine } = props;
      const resources = allOf(built.stack);
      const byAzapi = Object.values(resources.azapi_resource ?? {}).filter(({ type }) =>
        (type as string).includes('agentPools'),
      );
      const byAzurerm = Object.values(resources.azurerm_kubernetes_cluster_node_pool ?? {});
      expect([byAzurerm.length, byAzapi.length]).toEqual(machine.spec.aksOsSku ? [0, 1] : [1, 0]);
      const objects =
        props.installation?.byDeployment === false ? built.cluster.bundle.manifests : objectsIn(resources);
      const runtime = Object.values(ofKind(objects, 'ClusterTrainingRuntime'))[0];
      const limits = at(
        runtime,
        'spec.template.spec.replicatedJobs.0.template.spec.template.spec.containers.0.resources.limits',
      ) as Record<string, string>;
      expect(limits['rdma/ib']).toBe(machine.infiniband && String(machine.infiniband.links));
    }),
    { numRuns: 80 },
  );
  expect(accepted).toBeGreaterThan(20);
});

refusesJunk(
  TRAINING_CLUSTER_PROPS,
  { resourceGroup: GROUP, zone: '1', machine: AzureMachine.NC16AS_T4_V3, nodes: 1 },
  (props) => build(props as never),
  60,
);

refusesNoProps(
  (props) => new TrainingCluster(newStack(), 'A', props),
  (props) => new TrainingPlatform(newStack(), 'A', props),
);
