import * as fc from 'fast-check';
import {
  Capacity,
  ClusterSource,
  GoogleMachine,
  Installation,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingPlatform,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { TRAINING_CLUSTER_PROPS } from '../../../lib/google/prop-schemas';
import { refusesJunk, refusesNoProps } from '../../junk';
import { unlessRefused } from '../../refusals';
import { newStack, resourcesOf, ZONE } from '../support';

const SIZED = GoogleMachine.all.filter(({ spec }) => spec.accelerators >= 1);
const capacity = fc.oneof(
  fc.constant(Capacity.onDemand()),
  fc.constant(Capacity.spot()),
  fc.boolean().map((queued) => Capacity.flexStart({ queued })),
  fc.constant(Capacity.reservation('r', { project: 'p', block: 'b', subBlock: 's' })),
);
const storage = fc.oneof(
  fc.constant(TrainingStorage.none()),
  fc.integer({ min: 0, max: 200_000 }).map((sizeGiB) => TrainingStorage.lustre({ sizeGiB })),
  fc.integer({ min: 1, max: 50_000 }).map((MBps) => TrainingStorage.lustre({ requiredThroughputMBps: MBps })),
);
const sizeOf = (machine: GoogleMachine): fc.Arbitrary<Partial<TrainingClusterProps>> =>
  machine.isTpu
    ? fc.record({
        topology: fc.constantFrom('1x1', '2x2', '2x4', '4x4', '2x2x2'),
        slices: fc.integer({ min: 0, max: 3 }),
      })
    : fc.record({ nodes: fc.integer({ min: 0, max: 18 }) });
const others = fc.record(
  {
    capacity,
    storage,
    installation: fc.constantFrom(Installation.byDeployment(), Installation.gitOps()),
    cluster: fc
      .constantFrom('1.33.4-gke.1036000', '1.35')
      .map((kubernetesVersion) => ClusterSource.create({ kubernetesVersion })),
  },
  { requiredKeys: [] },
);
const plausible: fc.Arbitrary<TrainingClusterProps> = fc
  .constantFrom(...SIZED)
  .chain((machine) =>
    fc.tuple(sizeOf(machine), others).map(([size, more]) => ({ zone: ZONE, machine, ...size, ...more })),
  );

/** The stack of accepted props; nothing for rejected props. */
function synthUnlessRejected(props: TrainingClusterProps) {
  const stack = newStack();
  return unlessRefused(() => ({ stack, cluster: new TrainingCluster(stack, 'Pretrain', props) }));
}

test('either rejects plausible props with codes, or attaches every network interface of every node', () => {
  let accepted = 0;
  fc.assert(
    fc.property(plausible, (props) => {
      const built = synthUnlessRejected(props);
      if (!built) return;
      accepted++;
      const pools = Object.values(resourcesOf(built.stack, 'google_container_node_pool'));
      const own = pools.filter(({ name }) => name !== 'system');
      expect(own).toHaveLength(props.slices ?? 1);
      for (const { network_config } of own) {
        const further = (network_config.additional_node_network_configs ?? []) as unknown[];
        expect(further).toHaveLength(props.machine.furtherInterfaces);
      }
    }),
    { numRuns: 150 },
  );
  expect(accepted).toBeGreaterThan(20);
});

refusesJunk(
  TRAINING_CLUSTER_PROPS,
  { zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1 },
  (props) => synthUnlessRejected(props as never),
  80,
);

refusesNoProps(
  (props) => new TrainingCluster(newStack(), 'A', props),
  (props) => new TrainingPlatform(newStack(), 'A', props),
);
