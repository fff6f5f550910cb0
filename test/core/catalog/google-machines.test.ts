import { GOOGLE_MACHINES, type GoogleMachineRow } from '../../../lib/core/catalog/google-machines';
import { GOOGLE_TPU_TOPOLOGIES, type TpuTopologyRow } from '../../../lib/core/catalog/google-tpu-topologies';
import { dataFile } from '../../../scripts/data';

const ROWS = Object.entries(GOOGLE_MACHINES) as [string, GoogleMachineRow][];
const TOPOLOGIES = Object.entries(GOOGLE_TPU_TOPOLOGIES) as [string, TpuTopologyRow][];

const chipsOf = (topology: string) => topology.split('x').reduce((product, size) => product * Number(size), 1);

function sorted<Row extends { machine: string; topology: string }>(rows: readonly Row[]): Row[] {
  const key = ({ machine, topology }: Row) => `${machine} ${topology}`;
  return [...rows].sort((a, b) => key(a).localeCompare(key(b)));
}

describe.each(ROWS)('%s', (name, row) => {
  test('has one network interface per GPU, if it has a GPU transport', () => {
    if (!row.transport) return;
    const gpu = (row.networks ?? []).filter(({ role }) => role !== 'host');
    const interfaces = gpu.reduce((sum, { count, subnetsPerVpc }) => sum + count * subnetsPerVpc, 0);
    const expected = { 'GPUDirect-TCPX': [4], 'GPUDirect-TCPXO': [8], RoCE: [row.accelerators, 0] }[row.transport];
    expect(expected).toContain(interfaces);
  });

  test('is part of an NVL72 domain if its name says so', () => {
    expect(row.placement === '1x72').toBe(name.startsWith('a4x'));
  });

  test('has networks and plugins if, and only if, it has a transport', () => {
    expect([row.networks !== undefined, row.plugins !== undefined]).toEqual(Array(2).fill(row.transport !== undefined));
  });

  test('has local SSD figures if it has GPUs, with a size that Google sells', () => {
    expect(row.localSsd !== undefined).toBe(row.kind === 'gpu');
    if (row.localSsd && row.localSsd.mode !== 'none') expect([375, 3000]).toContain(row.localSsd.sizeGB);
  });
});

describe('TPU topologies', () => {
  test('exist for every TPU machine, and only for TPU machines', () => {
    const machines = ROWS.filter(([, { kind }]) => kind === 'tpu').map(([name]) => name);
    expect(TOPOLOGIES.map(([name]) => name).sort()).toEqual(machines.sort());
  });

  test.each(TOPOLOGIES)('%s: whole machines, rising, and one machine only without a placement', (name, row) => {
    const { accelerators } = GOOGLE_MACHINES[name as keyof typeof GOOGLE_MACHINES];
    const machines = row.topologies.map((topology) => chipsOf(topology) / accelerators);

    expect(machines.filter((count) => !Number.isInteger(count) || count < 1)).toEqual([]);
    expect(machines).toEqual([...machines].sort((a, b) => a - b));
    expect(new Set(row.topologies).size).toBe(row.topologies.length);
    expect(Math.max(...machines) > 1).toBe(row.placement !== undefined);
  });

  test('are the published ones, with their chips, machines and placement', () => {
    const { rows } = dataFile<{
      machine: string;
      topology: string;
      chips: number;
      nodes: number;
      placement?: string;
    }>('tpu-topologies.json');
    const derived = TOPOLOGIES.flatMap(([machine, row]) =>
      row.topologies.map((topology) => {
        const chips = chipsOf(topology);
        const nodes = chips / GOOGLE_MACHINES[machine as keyof typeof GOOGLE_MACHINES].accelerators;
        return { machine, topology, chips, nodes, policy: nodes > 1 ? row.placement?.toUpperCase() : undefined };
      }),
    );
    expect(sorted(derived)).toEqual(
      sorted(
        rows.map(({ machine, topology, chips, nodes, placement }) => ({
          machine,
          topology,
          chips,
          nodes,
          policy: placement,
        })),
      ),
    );
  });
});
