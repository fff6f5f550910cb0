import { CLOUD_RUN_GPUS, CLOUD_RUN_PRICES, type CloudRunGpuRow } from '../../../lib/core/catalog/cloud-run-gpus';
import { GOOGLE_MACHINES, type GoogleMachineRow } from '../../../lib/core/catalog/google-machines';
import { GOOGLE_TPU_TOPOLOGIES } from '../../../lib/core/catalog/google-tpu-topologies';
import { VERTEX_ACCELERATORS, VERTEX_TPUS } from '../../../lib/core/catalog/vertex-inference';

const MACHINES = Object.entries<GoogleMachineRow>(GOOGLE_MACHINES);

describe.each(Object.entries<CloudRunGpuRow>(CLOUD_RUN_GPUS))('%s on Cloud Run', (name, row) => {
  test('is the one GPU of a machine', () => {
    expect(GOOGLE_MACHINES[row.like]).toMatchObject({ accelerators: 1, acceleratorLabel: name });
  });

  test('has cores in rising order, and regions that are told once', () => {
    expect([...row.vcpus].sort((a, b) => a - b)).toEqual(row.vcpus);
    expect(row.memoryGiB.least).toBeLessThan(row.memoryGiB.most);
    expect(new Set(row.regions).size).toBe(row.regions.length);
    expect(row.byInvitation.filter((region) => !row.regions.includes(region))).toEqual([]);
  });
});

test('prices of Cloud Run are of regions that have a GPU', () => {
  const regions = Object.values<CloudRunGpuRow>(CLOUD_RUN_GPUS).flatMap((row) => row.regions);
  expect(CLOUD_RUN_PRICES.tierOne.filter((region) => !regions.includes(region))).toEqual([]);
});

test('every accelerator of Vertex AI is one of the table', () => {
  const labels = MACHINES.map(([, { acceleratorLabel }]) => acceleratorLabel);
  expect(Object.keys(VERTEX_ACCELERATORS).filter((label) => !labels.includes(label))).toEqual([]);
  expect(VERTEX_TPUS.filter((chip) => !MACHINES.some(([, row]) => row.chip === chip))).toEqual([]);
});

test('every TPU machine of Vertex AI has a topology of all its chips', () => {
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
