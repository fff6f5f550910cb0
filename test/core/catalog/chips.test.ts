import { CHIPS, type ChipRow } from 'ai-infra-constructs';

describe.each(Object.entries(CHIPS) as [string, ChipRow][])('%s', (_name, chip) => {
  test('says where it was read', () => {
    expect(chip.source.length).toBeGreaterThan(10);
  });

  test('has no figure of zero: an unknown one is absent', () => {
    const figures = Object.entries(chip).filter(([, value]) => typeof value === 'number');

    expect(figures.filter(([, value]) => !(value > 0))).toEqual([]);
  });

  test('computes no faster at more bits', () => {
    const rates = [chip.bf16DenseTflops, chip.fp8DenseTflops, chip.fp4DenseTflops].filter((rate) => rate !== undefined);

    expect([...rates].sort((a, b) => a - b)).toEqual(rates);
  });

  test('was never measured faster than its peak', () => {
    expect(chip.measuredMaxBf16Tflops ?? 0).toBeLessThanOrEqual(chip.bf16DenseTflops ?? Infinity);
    expect(chip.measuredMaxFp8Tflops ?? 0).toBeLessThanOrEqual(chip.fp8DenseTflops ?? Infinity);
  });

  test('lets a program allocate no more than its memory, and most of it', () => {
    const usableGiB = (chip.usableMemoryMiB ?? chip.memoryGiB * 1024) / 1024;

    // Vendors count GB as 10⁹ or 2³⁰ bytes as they like: 7 % between them.
    expect(usableGiB).toBeLessThanOrEqual(chip.memoryGiB * 1.01);
    expect(usableGiB).toBeGreaterThan(chip.memoryGiB * 0.9);
  });

  test('has whole chips in a scale-up domain, and a rate wherever several share one', () => {
    expect(Number.isInteger(chip.scaleUpDomain)).toBe(true);
    expect(chip.scaleUpDomain).toBeGreaterThanOrEqual(1);
  });
});
