import type { ModelSpec } from './model-spec';

/** Returns whether a value is a model, from any copy of the package. */
export function isModel(value: unknown): value is ModelSpec {
  const looks = typeof value === 'object' && value !== null;
  return looks && 'kvBytesPerToken' in value && 'parameters' in value && typeof value.parameters === 'number';
}

/** Returns whether a value is a finite number above 0. */
export function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
