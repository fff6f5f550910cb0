import { AWS_MACHINES } from '../../../lib/core/catalog/aws-machines';
import { INFERENCE_AMIS, SAGEMAKER_HOSTING } from '../../../lib/core/catalog/sagemaker-hosting';
import { SAGEMAKER_MACHINES, type SageMakerMachineRow } from '../../../lib/core/catalog/sagemaker-machines';
import { SERVING_CONTAINERS, type ServingContainerRow } from '../../../lib/core/catalog/serving-containers';
import { PRICES } from '../../../lib/core/catalog/prices';

const ROWS = Object.entries<SageMakerMachineRow>(SAGEMAKER_MACHINES);

describe('machines that SageMaker hosts', () => {
  test('are machines of the table', () => {
    expect(ROWS.filter(([name]) => !Object.hasOwn(AWS_MACHINES, name))).toEqual([]);
  });

  test('have whole accelerators', () => {
    for (const [name] of ROWS) {
      const { accelerators } = AWS_MACHINES[name as keyof typeof AWS_MACHINES];
      expect([name, Number.isInteger(accelerators)]).toEqual([name, true]);
    }
  });

  test('cost more than the machine alone, and less than half more', () => {
    for (const [name, { usdPerHour }] of ROWS) {
      const alone = PRICES.find(
        (row) => row.machine === name && row.market === 'on-demand' && row.region === 'us-east-1' && !row.per,
      );
      if (usdPerHour === undefined || !alone) continue;
      const factor = usdPerHour / alone.usdPerHour;
      expect([name, factor > 1 && factor < 1.5]).toEqual([name, true]);
    }
  });
});

test('bounds of the service are in order', () => {
  for (const [name, value] of Object.entries<unknown>(SAGEMAKER_HOSTING)) {
    if (typeof value !== 'object' || value === null || !('least' in value && 'most' in value)) continue;
    const { least, most } = value as { least: number; most: number };
    expect([name, least <= most]).toEqual([name, true]);
  }
});

test('systems with an NVIDIA driver have a CUDA, and those with a Neuron driver none', () => {
  for (const [name, row] of Object.entries(INFERENCE_AMIS)) {
    expect([name, 'cuda' in row]).toEqual([name, row.accelerators === 'NVIDIA']);
  }
});

describe('containers', () => {
  test.each(Object.entries<ServingContainerRow>(SERVING_CONTAINERS))('%s keeps the contract of SageMaker', (_, row) => {
    expect(row).toMatchObject({ port: 8080, healthPath: '/ping', invocationPath: '/invocations' });
    expect(row.source).not.toBe('');
    expect(row.startupSeconds).toBeGreaterThan(0);
  });

  test('are maintained, but for TorchServe', () => {
    const archived = Object.entries<ServingContainerRow>(SERVING_CONTAINERS).filter(([, row]) => row.archivedSince);
    expect(archived.map(([name]) => name)).toEqual(['torchServe']);
  });
});
