import type { TrainingImages } from '../../kubernetes';
import type { AzureMachine } from '../machine/machine';

/**
 * Public PyTorch images by accelerator vendor. The NVIDIA image supports both architectures.
 *
 * @see https://catalog.ngc.nvidia.com/orgs/nvidia/containers/pytorch
 * @see https://hub.docker.com/r/rocm/pytorch
 */
export const TRAINING_IMAGES: Readonly<Record<string, string>> = {
  NVIDIA: 'nvcr.io/nvidia/pytorch:25.12-py3',
  AMD: 'docker.io/rocm/pytorch:rocm7.2.1_ubuntu24.04_py3.12_pytorch_release_2.9.1',
};

/**
 * Image of nccl-tests from Azure, for both architectures. It supports Hopper and Blackwell, requires driver 580 or later, and has only this tag.
 *
 * Source: Azure/aks-rdma-infiniband 700dabb, tests/containers/nccl-tests/Dockerfile and .github/workflows/build-nccl-tests-image.yaml;
 * read 2026-11.
 */
export const ACCEPTANCE_IMAGE = 'ghcr.io/azure/aks-rdma-infiniband/nccl-tests:latest';

const SUPPORTED: ReadonlySet<string> = new Set(['H100', 'H200', 'GB200', 'GB300']);

/** The image for jobs of a group. Every machine of the table has one. */
export function imageFor({ chip }: AzureMachine, { training }: TrainingImages): string {
  return training ?? TRAINING_IMAGES[chip.vendor]!;
}

/** The image that tests the fabric of a machine. Undefined if no image is known. */
export function acceptanceImage({ spec }: AzureMachine, { acceptance }: TrainingImages): string | undefined {
  return acceptance ?? (SUPPORTED.has(spec.chip) ? ACCEPTANCE_IMAGE : undefined);
}
