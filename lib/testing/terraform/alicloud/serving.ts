import type { Sections } from '../../architecture';
import { details, list, parsed, type Readers, record, type Resource, type View, word } from '../../view';

/** Readers of endpoints on Alibaba Cloud: PAI-EAS. */
export const ALICLOUD_SERVING_READERS: Readers = {
  alicloud_pai_service: service,
};

/** Terraform expression in the place of a JSON value. */
const EXPRESSION = /([:[,])\$\{(?:[^{}]|\{[^{}]*\})*\}/g;

function service({ name, props }: Resource, view: View): Partial<Sections> {
  const config = record(parsed(word(props.service_config).replace(EXPRESSION, '$1null')));
  const metadata = record(config.metadata);
  const computing = record(record(config.cloud).computing);
  const instances = list(computing.instances).map(record);
  const isPrivate = record(config.networking).disable_internet_endpoint === true;
  const scaler = record(config.autoscaler);
  const count = scaler.max === undefined ? text(metadata.instance) : `${text(scaler.min)} to ${text(scaler.max)}`;
  const types = [...new Set(instances.map(({ type }) => text(type)))].join(', ');
  return {
    endpoints: [
      {
        name,
        kind: 'EAS service',
        access: isPrivate ? 'private' : 'signed',
        ...details({
          machines: types,
          instances: count,
          spot: instances.some((each) => each.spot_price_limit !== undefined) && 'first',
          group: text(metadata.group),
          requests: config.sinker !== undefined && 'kept',
          status: view.text(props.status),
        }),
      },
    ],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
