import { AwsMachine } from 'ai-infra-constructs/aws';
import { AzureMachine } from 'ai-infra-constructs/azure';
import { GoogleMachine } from 'ai-infra-constructs/google';
import { allocatableOf, reservedOnAks, reservedOnEks, reservedOnGke } from '../../lib/kubernetes';

const GIB = 1024;

/** Memory that the system of a node sees. The example of GKE has 97.3%; larger machines have more. */
const VISIBLE = 0.965;

/** Memory in MiB that the agents of a node request, as measured on each cloud. */
const AGENTS = { eks: 450, gke: 800, aks: 900 } as const;

// Each expected value is in the words of the vendor, not with the code of the library.
const EKS_PODS: Readonly<Record<string, number>> = { 'g4dn.xlarge': 29, 'g5.12xlarge': 737, 'p5.48xlarge': 100 };

function tieredMiB(memoryGiB: number): number {
  const first = Math.min(memoryGiB, 4) * 0.25;
  const second = Math.min(Math.max(memoryGiB - 4, 0), 4) * 0.2;
  const third = Math.min(Math.max(memoryGiB - 8, 0), 8) * 0.1;
  const fourth = Math.min(Math.max(memoryGiB - 16, 0), 112) * 0.06;
  const rest = Math.max(memoryGiB - 128, 0) * 0.02;
  return GIB * (first + second + third + fourth + rest);
}

interface Node {
  readonly name: string;
  readonly size: { readonly vcpus: number; readonly memoryGiB: number };
  readonly requestGiB: number;
  readonly freeMiB: number;
}

function nodeOf(name: string, size: Node['size'], reservedMemoryMiB: number, kubeletMiB: number, agents: number): Node {
  const requestGiB = allocatableOf({ ...size, reservedMemoryMiB }).memoryGiB;
  return { name, size, requestGiB, freeMiB: size.memoryGiB * GIB * VISIBLE - kubeletMiB - 100 - agents };
}

const NODES: readonly Node[] = [
  ...AwsMachine.all.map(({ name, spec: { vcpus, memoryGiB } }) => {
    const size = { vcpus, memoryGiB };
    const pods = EKS_PODS[name] ?? (vcpus >= 48 ? 737 : vcpus >= 16 ? 234 : 58);
    return nodeOf(name, size, reservedOnEks(size), 255 + 11 * pods, AGENTS.eks);
  }),
  ...GoogleMachine.all.flatMap(({ name, spec: { vcpus, memoryGB: memoryGiB } }) => {
    if (vcpus === undefined || memoryGiB === undefined) return [];
    const size = { vcpus, memoryGiB };
    return [nodeOf(name, size, reservedOnGke(size), tieredMiB(memoryGiB), AGENTS.gke)];
  }),
  ...AzureMachine.all.map(({ name, spec: { vcpus, memoryGiB } }) => {
    const size = { vcpus, memoryGiB };
    const kubelet = Math.min(20 * 250 + 50, 0.25 * memoryGiB * GIB);
    return nodeOf(name, size, reservedOnAks(size), kubelet, AGENTS.aks);
  }),
];

describe('a job on a whole node', () => {
  test.each(NODES)('fits into the memory of $name next to the agents', ({ requestGiB, freeMiB }) => {
    expect(requestGiB * GIB).toBeLessThanOrEqual(freeMiB);
  });

  test.each(NODES)('uses at least half of the memory of $name, and 85% of a large machine', ({ size, requestGiB }) => {
    expect(requestGiB / size.memoryGiB).toBeGreaterThanOrEqual(size.memoryGiB >= 256 ? 0.85 : 0.5);
  });
});

describe('the reserved memory of a node', () => {
  const overhead = (memoryGiB: number) => 100 + 1024 + memoryGiB * GIB * 0.075;

  test('follows the number of pods on EKS', () => {
    const size = { vcpus: 192, memoryGiB: 2048 };
    expect(reservedOnEks({ ...size, maxPodsPerNode: 100 })).toBe(Math.ceil(255 + 1100 + overhead(2048)));
    expect(reservedOnEks(size)).toBe(Math.ceil(255 + 11 * 737 + overhead(2048)));
  });

  test('follows the tiers of the memory on GKE', () => {
    expect(reservedOnGke({ vcpus: 4, memoryGiB: 16 })).toBe(Math.ceil(GIB * 2.6 + overhead(16)));
    expect(reservedOnGke({ vcpus: 96, memoryGiB: 384 })).toBe(Math.ceil(GIB * (2.6 + 6.72 + 5.12) + overhead(384)));
  });

  test('leaves less than the example of GKE: 13,498,416 KiB are allocatable on a node with 16 GiB', () => {
    const size = { vcpus: 4, memoryGiB: 16 };
    const requestGiB = allocatableOf({ ...size, reservedMemoryMiB: reservedOnGke(size) }).memoryGiB;
    expect(requestGiB * GIB * GIB).toBeLessThan(13_498_416 - AGENTS.gke * GIB);
  });

  test('follows the number of pods on AKS, up to a quarter of the memory', () => {
    expect(reservedOnAks({ vcpus: 4, memoryGiB: 28, maxPodsPerNode: 30 })).toBe(Math.ceil(650 + overhead(28)));
    expect(reservedOnAks({ vcpus: 2, memoryGiB: 8 })).toBe(Math.ceil(2048 + overhead(8)));
  });
});
