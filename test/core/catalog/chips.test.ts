import { CHIPS, type ChipRow } from 'ai-infra-constructs';

describe.each(Object.entries(CHIPS) as [string, ChipRow][])('%s', (_name, chip) => {
  test('has a source', () => {
    expect(chip.source.length).toBeGreaterThan(10);
  });

  test('has no figure of 0, because an unknown figure is absent', () => {
    const figures = Object.entries(chip).filter(([, value]) => typeof value === 'number');

    expect(figures.filter(([, value]) => !(value > 0))).toEqual([]);
  });

  test('is not faster at higher precision', () => {
    const rates = [chip.bf16DenseTflops, chip.fp8DenseTflops, chip.fp4DenseTflops].filter((rate) => rate !== undefined);

    expect([...rates].sort((a, b) => a - b)).toEqual(rates);
  });

  test('has no measurement above its peak', () => {
    expect(chip.measuredMaxBf16Tflops ?? 0).toBeLessThanOrEqual(chip.bf16DenseTflops ?? Infinity);
    expect(chip.measuredMaxFp8Tflops ?? 0).toBeLessThanOrEqual(chip.fp8DenseTflops ?? Infinity);
  });

  test('has usable memory close to its memory, and not above it', () => {
    const usableGiB = (chip.usableMemoryMiB ?? chip.memoryGiB * 1024) / 1024;

    // Vendors count a GB as 10⁹ or 2³⁰ bytes, which differ by 7%.
    expect(usableGiB).toBeLessThanOrEqual(chip.memoryGiB * 1.01);
    expect(usableGiB).toBeGreaterThan(chip.memoryGiB * 0.9);
  });

  test('has whole chips in a scale-up domain, and a bandwidth if the domain has several', () => {
    expect(Number.isInteger(chip.scaleUpDomain)).toBe(true);
    expect(chip.scaleUpDomain).toBeGreaterThanOrEqual(1);
  });
});
