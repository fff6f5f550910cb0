import { AzureMachine } from 'ai-infra-constructs/azure';
import { fabricPod, topologyObjects, layoutOf, topologyFile } from '../../../lib/azure/nodes/fabric-pod';

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

describe.each([
  ['ndv4', 4, 4],
  ['ndv5', 2, 8],
] as const)('the layout %s', (name, cpus, bridges) => {
  const text = topologyFile(name);

  test('has eight GPUs, each on the same bridge as one adapter', () => {
    expect(all(text, /class="(0x030200)"/g)).toHaveLength(8);
    expect(all(text, /class="(0x020700)"/g)).toHaveLength(8);
    const groups = text.split('<pci busid="ffff').slice(1);
    expect(groups).toHaveLength(bridges);
    for (const group of groups)
      expect(all(group, /class="(0x030200)"/g)).toHaveLength(all(group, /class="(0x020700)"/g).length);
  });

  test('has unique devices and balanced elements', () => {
    const addresses = all(text, /busid="([^"]+)"/g);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(all(text, /(<cpu )/g)).toHaveLength(cpus);
    expect(all(text, /(<\/cpu>)/g)).toHaveLength(cpus);
    expect(all(text, /(<pci [^>]*[^/]>)/g)).toHaveLength(all(text, /(<\/pci>)/g).length);
  });

  test('assigns each of the 96 cores to one processor', () => {
    const masks = all(text, /affinity="([^"]+)"/g).map((mask) => BigInt(`0x${mask.replaceAll(',', '')}`));
    expect(masks.reduce((sum, mask) => sum + mask, 0n)).toBe(2n ** 96n - 1n);
    expect(masks.reduce((sum, mask) => sum | mask, 0n)).toBe(2n ** 96n - 1n);
  });
});

test('only machines with A100, H100, and H200 have a layout', () => {
  const withLayout = AzureMachine.all.filter(layoutOf).map(({ name }) => name);
  expect(withLayout).toEqual([
    'Standard_ND96asr_v4',
    'Standard_ND96amsr_A100_v4',
    'Standard_ND96isr_H100_v5',
    'Standard_ND96isr_H200_v5',
  ]);
});

describe('a pod on the fabric', () => {
  const settings = (machine: AzureMachine) =>
    Object.fromEntries(fabricPod(machine).env!.map(({ name, value }) => [name, value]));

  test('reads the layout of its machine from a config map', () => {
    const machine = AzureMachine.ND96ISR_H100_V5;
    const [file] = fabricPod(machine).files!;
    const [object] = topologyObjects([machine, AzureMachine.ND96ISR_H200_V5]);
    expect(topologyObjects([machine, AzureMachine.ND96ISR_H200_V5])).toHaveLength(1);
    expect(object!.metadata).toEqual({ name: file!.configMap, namespace: 'training' });
    const [key] = Object.keys(object!.data as object);
    expect(settings(machine).NCCL_TOPO_FILE).toBe(`${file!.mountPath}/${key}`);
  });

  test('has the settings of Microsoft on machines with H100 and H200', () => {
    const tuned = {
      NCCL_IB_QPS_PER_CONNECTION: '4',
      NCCL_IGNORE_CPU_AFFINITY: '1',
      NCCL_P2P_NET_CHUNKSIZE: '524288',
      NCCL_PXN_DISABLE: '1',
      NCCL_MIN_NCHANNELS: '32',
    };
    expect(settings(AzureMachine.ND96ISR_H100_V5)).toMatchObject(tuned);
    expect(settings(AzureMachine.ND96ISR_H200_V5)).toMatchObject(tuned);
    expect(settings(AzureMachine.ND96AMSR_A100_V4)).not.toHaveProperty('NCCL_IB_QPS_PER_CONNECTION');
  });

  test('enables relaxed ordering on x86 processors', () => {
    expect(settings(AzureMachine.ND96ASR_V4).NCCL_IB_PCI_RELAXED_ORDERING).toBe('1');
    expect(settings(AzureMachine.ND128ISR_GB300_V6)).toEqual({
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      NCCL_SOCKET_IFNAME: 'eth0',
    });
  });
});
