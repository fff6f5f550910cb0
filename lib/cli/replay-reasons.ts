import { estimatedShape, estimatedSizes } from '../core/planning/estimated-shape';
import { shapeNamed } from '../core/planning/named-model';
import { isKnown, precisionClass } from '../core/planning/run-classes';
import { chipNamed } from '../core/planning/named-chip';
import { unknownChip } from './chip-names';
import type { Row, RunKind } from './replay-fields';

/** Returns whether the row is a mixture of experts with an unknown number of active parameters. */
export function isOfUnknownMixture(fields: Row): boolean {
  return fields.dense === false && estimatedSizes(fields).activeParamsB === undefined;
}

/** Returns why a row has no prediction: the first missing field, or the missing catalog value. */
export function whyNot(row: Row, fields: Row, kind: RunKind): string {
  const chip = fields.chip ?? row.chip ?? row.accelerator;
  if (typeof chip !== 'string') return missing('chip', 'the name of a chip', chip);
  if (!chipNamed(chip)) return unknownChip(chip);
  return (kind === 'training' ? whyNotTrained(row, fields) : whyNotServed(row, fields)) ?? withoutPeak(chip, fields);
}

function whyNotTrained(row: Row, fields: Row): string | undefined {
  if (!isKnown(estimatedSizes(fields).paramsB))
    return missing('paramsB', 'a number above 0, the model parameters in billions', row.paramsB);
  if (!isOfUnknownMixture(fields)) return undefined;
  return missing(
    'activeParamsB',
    'a number above 0, the active parameters per token in billions, because the model is not dense',
    row.activeParamsB,
  );
}

function whyNotServed(row: Row, fields: Row): string | undefined {
  const { model } = fields;
  if (!shapeNamed(model) && !estimatedShape(fields)) {
    return typeof model === 'string'
      ? `the catalog has no model '${model}', and neither its name nor the row (paramsB, or layers and hidden) gives its size`
      : missing('model', 'the name of a model', row.model);
  }
  const count = ['count', 'isl', 'osl'].find((field) => !isKnown(fields[field]) || fields[field] < 1);
  return count === undefined ? undefined : missing(count, 'a number of at least 1', row[count]);
}

function withoutPeak(chip: string, { precision }: Row): string {
  const name = precisionClass(precision as string | undefined);
  return name === undefined
    ? `no published run has precision '${String(precision)}'`
    : `the catalog has no peak for ${chip} in ${name}`;
}

function missing(field: string, what: string, got: unknown): string {
  return got === undefined || got === null
    ? `${field} is missing: it must be ${what}`
    : `${field} must be ${what} (got ${shown(got)})`;
}

const MAX_SHOWN = 40;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
