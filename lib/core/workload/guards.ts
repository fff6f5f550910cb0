import type { ModelSpec } from './model-spec';

/** Whether a value is a model, whichever copy of the package made it. */
export function isModel(value: unknown): value is ModelSpec {
  const looks = typeof value === 'object' && value !== null;
  return looks && 'kvBytesPerToken' in value && 'parameters' in value && typeof value.parameters === 'number';
}

/** Whether a value is a finite number above zero. */
export function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
