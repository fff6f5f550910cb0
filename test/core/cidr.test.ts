import { cidrContains, cidrsOverlap, parseCidr } from '../../lib/core/cidr';

describe('parseCidr', () => {
  test('returns the first address and the size', () => {
    expect(parseCidr('10.1.0.0/16')).toEqual({ first: 10 * 2 ** 24 + 2 ** 16, size: 2 ** 16, prefix: 16 });
    expect(parseCidr('0.0.0.0/0')).toEqual({ first: 0, size: 2 ** 32, prefix: 0 });
    expect(parseCidr('255.255.255.255/32')).toEqual({ first: 2 ** 32 - 1, size: 1, prefix: 32 });
  });

  test.each([
    '',
    '10.0.0.0',
    '10.0.0/16',
    '10.0.0.256/32',
    '10.0.0.0/33',
    '010.0.0.0/16',
    '10.0.0.0/-1',
    'fd00::/8',
    ' 10.0.0.0/8',
  ])('rejects %p', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test('rejects bits beyond the prefix, because tools interpret them differently', () => {
    expect(parseCidr('10.0.1.0/16')).toBeUndefined();
  });
});

describe('two blocks', () => {
  const block = (text: string) => parseCidr(text)!;

  test.each([
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.255.0/24', '10.0.0.0/16', true],
    ['10.0.0.0/16', '10.0.0.0/16', true],
    ['10.0.0.0/16', '10.1.0.0/16', false],
    ['10.1.0.0/16', '10.0.0.0/16', false],
    ['192.168.0.0/16', '10.0.0.0/8', false],
  ])('%s and %s overlap: %p', (a, b, expected) => {
    expect(cidrsOverlap(block(a), block(b))).toBe(expected);
  });

  test('one contains the other only completely', () => {
    expect(cidrContains(block('10.0.0.0/8'), block('10.9.0.0/16'))).toBe(true);
    expect(cidrContains(block('10.9.0.0/16'), block('10.0.0.0/8'))).toBe(false);
    expect(cidrContains(block('10.0.0.0/8'), block('11.0.0.0/16'))).toBe(false);
  });
});
