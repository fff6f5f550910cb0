import type { Sections } from '../../architecture';
import {
  amount,
  block,
  details,
  list,
  parsed,
  type Readers,
  record,
  type Resource,
  textsOf,
  type View,
  word,
} from '../../view';

/** Readers of endpoints on Alibaba Cloud: PAI-EAS and Function Compute. */
export const ALICLOUD_SERVING_READERS: Readers = {
  alicloud_pai_service: service,
  alicloud_fcv3_function: functionOf,
  ...Object.fromEntries(
    ['alias', 'concurrency_config', 'provision_config', 'trigger'].map((type) => [`alicloud_fcv3_${type}`, setting]),
  ),
};

/** Settings of a function that resources of their own have. The reader of functions finds them. */
function setting({ props }: Resource, view: View): Partial<Sections> | undefined {
  return view.find(props.function_name)?.type === 'alicloud_fcv3_function' ? {} : undefined;
}

function functionOf(resource: Resource, view: View): Partial<Sections> {
  const { name, props } = resource;
  const of = (setting: string) =>
    view.ofType(`alicloud_fcv3_${setting}`).find((each) => view.find(each.props.function_name) === resource)?.props ??
    {};
  const trigger = record(parsed(word(of('trigger').trigger_config)));
  const gpu = block(props.gpu_config);
  const isAnonymous = trigger.authType === 'anonymous';
  const access = trigger.disableURLInternet === true ? 'private' : isAnonymous ? 'public' : 'signed';
  return {
    endpoints: [
      {
        name,
        kind: 'function',
        access,
        ...details({
          gpu: view.text(gpu.gpu_type),
          image: view.text(block(props.custom_container_config).image),
          minimum: amount(view.number(of('provision_config').target), 'instances'),
          maximum: amount(view.number(of('concurrency_config').reserved_concurrency), 'instances'),
          network: textsOf(view, [block(props.vpc_config).vpc_id]).join(', '),
        }),
      },
    ],
    exposure: access === 'public' ? [{ name, kind: 'function', why: 'everyone can call it' }] : [],
  };
}

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
