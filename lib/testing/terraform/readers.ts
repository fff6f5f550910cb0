import { type Readers, list, parsed, record, records, word, details, type Resource, type View } from '../view';
import { ALICLOUD_FOUNDATION_READERS } from './alicloud/foundation';
import { ALICLOUD_GOVERNANCE_READERS } from './alicloud/governance';
import { ALICLOUD_MACHINE_LEARNING_READERS } from './alicloud/machine-learning';
import { ALICLOUD_STORAGE_READERS } from './alicloud/storage';
import { ALICLOUD_SERVING_READERS } from './alicloud/serving';
import { AZURE_COMPUTE_READERS } from './azure/compute';
import { AZURE_FOUNDATION_READERS } from './azure/foundation';
import { AZURE_GATEWAY_READERS } from './azure/gateway';
import { AZURE_SERVING_READERS } from './azure/serving';
import { AZURE_STORAGE_READERS } from './azure/storage';
import { GOOGLE_COMPUTE_READERS } from './google/compute';
import { GOOGLE_KUBERNETES_READERS } from './google/kubernetes';
import { GOOGLE_SERVING_READERS } from './google/serving';
import { GOOGLE_STORAGE_READERS } from './google/storage';
import { AT_DEPLOYMENT, type Sections } from '../architecture';
import { objectSections } from '../kubernetes-objects';

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

/** Readers of Terraform resources by type. Add a new reader to the file for its kind of resource. */
export const TERRAFORM_READERS: Readers = {
  ...GOOGLE_COMPUTE_READERS,
  ...GOOGLE_KUBERNETES_READERS,
  ...GOOGLE_SERVING_READERS,
  ...GOOGLE_STORAGE_READERS,
  ...ALICLOUD_FOUNDATION_READERS,
  ...ALICLOUD_GOVERNANCE_READERS,
  ...ALICLOUD_MACHINE_LEARNING_READERS,
  ...ALICLOUD_STORAGE_READERS,
  ...ALICLOUD_SERVING_READERS,
  ...HELM_READERS,
  ...AZURE_COMPUTE_READERS,
  ...AZURE_FOUNDATION_READERS,
  ...AZURE_GATEWAY_READERS,
  ...AZURE_STORAGE_READERS,
  ...AZURE_SERVING_READERS,
};
