import { AT_DEPLOYMENT, type Sections } from '../architecture';
import { list, parsed, record, records, word } from '../json';
import { objectSections } from '../kubernetes-objects';
import { details, type Readers, type Resource, type View } from '../view';

/** Reader of Helm releases: charts with their version, or the objects of a chart that is stored next to the stack. */
export const HELM_READERS: Readers = { helm_release: release };

function release({ name, props }: Resource, view: View): Partial<Sections> {
  const chart = word(props.chart);
  const objects = chart.startsWith('${path.module}/') ? objectsOf(props.values) : [];
  if (objects.length > 0) return objectSections(name, objects);
  return {
    kubernetes: [
      { name, kind: 'chart', ...details({ of: view.text(props.chart), version: view.text(props.version) }) },
    ],
  };
}

/** Terraform expression in the place of a JSON value, but not inside a string. */
const EXPRESSION = /([:[,])\$\{(?:[^{}]|\{[^{}]*\})*\}/g;

function objectsOf(values: unknown) {
  return list(values).flatMap((text) => {
    const known = word(text).replace(EXPRESSION, (_, before: string) => `${before}${JSON.stringify(AT_DEPLOYMENT)}`);
    return records(record(parsed(known)).objects);
  });
}
