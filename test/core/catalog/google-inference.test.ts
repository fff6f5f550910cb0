import { CLOUD_RUN_GPUS, CLOUD_RUN_PRICES, type CloudRunGpuRow } from '../../../lib/core/catalog/cloud-run-gpus';
import { GOOGLE_MACHINES, type GoogleMachineRow } from '../../../lib/core/catalog/google-machines';
import { GOOGLE_TPU_TOPOLOGIES } from '../../../lib/core/catalog/google-tpu-topologies';
import { VERTEX_ACCELERATORS, VERTEX_TPUS } from '../../../lib/core/catalog/vertex-inference';

const MACHINES = Object.entries<GoogleMachineRow>(GOOGLE_MACHINES);

describe.each(Object.entries<CloudRunGpuRow>(CLOUD_RUN_GPUS))('%s on Cloud Run', (name, row) => {
  test('matches a machine with one GPU', () => {
    expect(GOOGLE_MACHINES[row.like]).toMatchObject({ accelerators: 1, acceleratorLabel: name });
  });

  test('has ascending cores and unique regions', () => {
    expect([...row.vcpus].sort((a, b) => a - b)).toEqual(row.vcpus);
    expect(row.memoryGiB.min).toBeLessThan(row.memoryGiB.max);
    expect(new Set(row.regions).size).toBe(row.regions.length);
    expect(row.byInvitation.filter((region) => !row.regions.includes(region))).toEqual([]);
  });
});

test('Cloud Run prices are for regions with a GPU', () => {
  const regions = Object.values<CloudRunGpuRow>(CLOUD_RUN_GPUS).flatMap((row) => row.regions);
  expect(CLOUD_RUN_PRICES.tierOne.filter((region) => !regions.includes(region))).toEqual([]);
});

test('every Vertex AI accelerator is in the machine table', () => {
  const labels = MACHINES.map(([, { acceleratorLabel }]) => acceleratorLabel);
  expect(Object.keys(VERTEX_ACCELERATORS).filter((label) => !labels.includes(label))).toEqual([]);
  expect(VERTEX_TPUS.filter((chip) => !MACHINES.some(([, row]) => row.chip === chip))).toEqual([]);
});

test('every Vertex AI TPU machine has a topology with all its chips', () => {
  const served = MACHINES.filter(([, { chip }]) => (VERTEX_TPUS as readonly string[]).includes(chip));
  expect(served.length).toBeGreaterThan(0);
  for (const [name, { accelerators }] of served) {
    const { topologies } = GOOGLE_TPU_TOPOLOGIES[name as keyof typeof GOOGLE_TPU_TOPOLOGIES];
    const chips = topologies.map((topology) =>
      topology.split('x').reduce((product, side) => product * Number(side), 1),
    );
    expect(chips).toContain(accelerators);
  }
});
