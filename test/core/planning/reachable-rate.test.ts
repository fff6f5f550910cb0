import { type ChipRow, CHIPS } from '../../../lib/core/catalog/chips';
import { reachableShare } from '../../../lib/core/planning/reachable-rate';

const rows: readonly (readonly [string, ChipRow])[] = Object.entries(CHIPS);

function withoutMeasurement(row: ChipRow): ChipRow {
  const { measuredMaxBf16Tflops, ...others } = row;
  return measuredMaxBf16Tflops === undefined ? row : others;
}

describe('the rate of large matrix products', () => {
  const measured = rows.filter(([, row]) => row.vendor === 'NVIDIA' && row.measuredMaxBf16Tflops !== undefined);

  test('is the measured one, if there is one', () => {
    expect(measured.length).toBeGreaterThan(4);
    for (const [, row] of measured) {
      expect(reachableShare(row)).toBeCloseTo(row.measuredMaxBf16Tflops! / row.bf16DenseTflops!);
    }
  });

  test.each(measured)('follows from the power of %s within 6%%', (_, row) => {
    expect(Math.abs(Math.log(reachableShare(withoutMeasurement(row)) / reachableShare(row)))).toBeLessThan(0.065);
  });

  test('is never above the highest measured share on other chips', () => {
    for (const [, row] of rows) expect(reachableShare(withoutMeasurement(row))).toBeLessThanOrEqual(0.87);
  });
});
