import type { TrainingImages } from '../../kubernetes';
import type { AzureMachine } from '../machine/machine';

/**
 * Public images of PyTorch, by vendor of the accelerator; that for NVIDIA is of both architectures.
 *
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/pytorch
 * @see https://hub.docker.com/r/rocm/pytorch
 */
export const TRAINING_IMAGES: Readonly<Record<string, string>> = {
  NVIDIA: 'nvcr.io/nvidia/pytorch:25.12-py3',
  AMD: 'docker.io/rocm/pytorch:rocm7.2.1_ubuntu24.04_py3.12_pytorch_release_2.9.1',
};

/**
 * Azure's own image of nccl-tests, of both architectures: it holds code for Hopper and Blackwell, wants a driver of 580 or later, and is
 * published under this tag alone.
 *
 * Source: Azure/aks-rdma-infiniband 700dabb, tests/containers/nccl-tests/Dockerfile and .github/workflows/build-nccl-tests-image.yaml;
 * read 2026-11.
 */
export const ACCEPTANCE_IMAGE = 'ghcr.io/azure/aks-rdma-infiniband/nccl-tests:latest';

const PROVEN: ReadonlySet<string> = new Set(['H100', 'H200', 'GB200', 'GB300']);

/** The image that the jobs of a group run; it is known for every machine of the table. */
export function imageFor({ chip }: AzureMachine, { training }: TrainingImages): string {
  return training ?? TRAINING_IMAGES[chip.vendor]!;
}

/** The image that proves the fabric of a machine. @default - none is known */
export function acceptanceImage({ spec }: AzureMachine, { acceptance }: TrainingImages): string | undefined {
  return acceptance ?? (PROVEN.has(spec.chip) ? ACCEPTANCE_IMAGE : undefined);
}
