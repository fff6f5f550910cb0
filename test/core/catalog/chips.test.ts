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

describe('precisions', () => {
  // Data sheets: NVIDIA has bf16 from Ampere, fp8 from Ada and Hopper, and fp4 from Blackwell. CDNA 3 has fp8, and CDNA 4 fp4.
  // TPU7x is the first TPU with fp8.
  const LACKING = {
    bf16: ['T4'],
    fp8: ['T4', 'A10', 'A10G', 'A100-40', 'A100-80', 'A100-80-PCIe', 'TPU v4', 'TPU v5e', 'TPU v5p', 'TPU v6e'],
    fp4: [
      'L4',
      'L20',
      'L40S',
      'H100',
      'H100-PCIe',
      'H100-NVL',
      'H800',
      'H200',
      'H200-NVL',
      'MI300X',
      'MI325X',
      'TPU7x',
    ],
  } as const;
  const rowOf = (chip: keyof typeof CHIPS): ChipRow => CHIPS[chip];

  test.each(LACKING.bf16)('of %s have fp16 instead of bf16', (chip) => {
    expect(rowOf(chip).lacksBf16).toBe(true);
  });

  test.each(LACKING.fp8)('of %s do not include fp8 or fp4', (chip) => {
    expect(rowOf(chip).fp8DenseTflops).toBeUndefined();
    expect(rowOf(chip).fp4DenseTflops).toBeUndefined();
  });

  test.each(LACKING.fp4)('of %s do not include fp4', (chip) => {
    expect(rowOf(chip).fp8DenseTflops).toBeDefined();
    expect(rowOf(chip).fp4DenseTflops).toBeUndefined();
  });
});
