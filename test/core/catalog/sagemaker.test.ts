import { AWS_MACHINES } from 'ai-infra-constructs';
import { INFERENCE_AMIS, SAGEMAKER_HOSTING } from '../../../lib/core/catalog/sagemaker-hosting';
import { SAGEMAKER_MACHINES, type SageMakerMachineRow } from '../../../lib/core/catalog/sagemaker-machines';
import { SERVING_CONTAINERS, type ServingContainerRow } from '../../../lib/core/catalog/serving-containers';
import { PRICES } from '../../../lib/core/catalog/prices';

const ROWS = Object.entries<SageMakerMachineRow>(SAGEMAKER_MACHINES);

describe('SageMaker machines', () => {
  test('are in the machine table', () => {
    expect(ROWS.filter(([name]) => !Object.hasOwn(AWS_MACHINES, name))).toEqual([]);
  });

  test('have whole accelerators', () => {
    for (const [name] of ROWS) {
      const { accelerators } = AWS_MACHINES[name as keyof typeof AWS_MACHINES];
      expect([name, Number.isInteger(accelerators)]).toEqual([name, true]);
    }
  });

  test('cost more than EC2, by less than half', () => {
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

test('limits of the service are in order', () => {
  for (const [name, value] of Object.entries<unknown>(SAGEMAKER_HOSTING)) {
    if (typeof value !== 'object' || value === null || !('min' in value && 'max' in value)) continue;
    const { min, max } = value as { min: number; max: number };
    expect([name, min <= max]).toEqual([name, true]);
  }
});

test('AMIs have a CUDA version if, and only if, they have an NVIDIA driver', () => {
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

  test('are maintained, except TorchServe', () => {
    const archived = Object.entries<ServingContainerRow>(SERVING_CONTAINERS).filter(([, row]) => row.archivedSince);
    expect(archived.map(([name]) => name)).toEqual(['torchServe']);
  });
});
