import { estimatedShape, estimatedSizes } from '../core/planning/estimated-shape';
import { shapeNamed } from '../core/planning/named-model';
import { isKnown, precisionClass } from '../core/planning/run-classes';
import { chipNamed } from '../core/planning/named-chip';
import { unknownChip } from './chip-names';
import type { Row, RunKind } from './replay-fields';

/** Whether a token passes but a part of the model, and nobody knows how large a part. */
export function isOfUnknownMixture(fields: Row): boolean {
  return fields.dense === false && estimatedSizes(fields).activeParamsB === undefined;
}

/** Why a row has no prediction: the first field that is wanting, or else what nobody knows. */
export function whyNot(row: Row, fields: Row, kind: RunKind): string {
  const chip = fields.chip ?? row.chip ?? row.accelerator;
  if (typeof chip !== 'string') return wanting('chip', 'the name of a chip', chip);
  if (!chipNamed(chip)) return unknownChip(chip);
  return (kind === 'training' ? whyNotTrained(row, fields) : whyNotServed(row, fields)) ?? withoutPeak(chip, fields);
}

function whyNotTrained(row: Row, fields: Row): string | undefined {
  if (!isKnown(estimatedSizes(fields).paramsB))
    return wanting('paramsB', 'a number above 0, the parameters of the model in 1e9', row.paramsB);
  if (!isOfUnknownMixture(fields)) return undefined;
  return wanting(
    'activeParamsB',
    'a number above 0, the parameters that a token passes in 1e9, since the model is not dense',
    row.activeParamsB,
  );
}

function whyNotServed(row: Row, fields: Row): string | undefined {
  const { model } = fields;
  if (!shapeNamed(model) && !estimatedShape(fields)) {
    return typeof model === 'string'
      ? `the tables have no shape of a model '${model}', and neither its name nor the row (paramsB, or layers and hidden) tells its size`
      : wanting('model', 'the name of a model', row.model);
  }
  const count = ['count', 'isl', 'osl'].find((field) => !isKnown(fields[field]) || fields[field] < 1);
  return count === undefined ? undefined : wanting(count, 'a number from 1', row[count]);
}

function withoutPeak(chip: string, { precision }: Row): string {
  const name = precisionClass(precision as string | undefined);
  return name === undefined
    ? `no run in precision '${String(precision)}' was measured`
    : `the table has no peak of ${chip} in ${name}`;
}

function wanting(field: string, what: string, got: unknown): string {
  return got === undefined || got === null
    ? `${field} is missing: it must be ${what}`
    : `${field} must be ${what}, got ${shown(got)}`;
}

const MOST_SHOWN = 40;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
