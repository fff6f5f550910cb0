import type { Exposure, Market, Sections } from '../../architecture';
import {
  block,
  list,
  parsed,
  record,
  word,
  amount,
  details,
  type Readers,
  type Resource,
  type View,
  group,
  textsOf,
} from '../../view';

/** Readers of endpoints on Google Cloud: Vertex AI, Cloud Run, functions, workflows and load balancers. */
export const GOOGLE_SERVING_READERS: Readers = {
  google_vertex_ai_endpoint: ({ name, props }, view) => {
    const closed = props.network !== undefined || props.private_service_connect_config !== undefined;
    return {
      endpoints: [
        {
          name,
          kind: 'Vertex AI endpoint',
          access: closed ? 'private' : 'signed',
          encryption: view.encryption(block(props.encryption_spec).kms_key_name),
          ...details({
            dedicated: view.flag(props.dedicated_endpoint_enabled) === true && 'yes',
            reach: props.private_service_connect_config !== undefined && 'Private Service Connect',
            requests: view.flag(block(props.predict_request_response_logging_config).enabled) === true && 'kept',
          }),
        },
      ],
    };
  },
  google_vertex_ai_endpoint_with_model_garden_deployment: modelGarden,
  google_cloud_run_v2_service: cloudRun,
  google_cloud_run_v2_service_iam_member: (resource, view) => invokers(resource, view, resource.props.member),
  google_cloud_run_v2_service_iam_binding: (resource, view) => invokers(resource, view, resource.props.members),
  google_cloudfunctions2_function: ({ name, props }, view) => {
    const service = block(props.service_config);
    return {
      functions: [
        {
          name,
          kind: view.text(block(props.build_config).runtime) ?? 'runtime',
          ...details({
            memory: view.text(service.available_memory),
            timeout: amount(view.number(service.timeout_seconds), 's'),
            network: view.text(service.ingress_settings)?.toLowerCase().replaceAll('_', ' '),
          }),
        },
      ],
    };
  },
  google_compute_forwarding_rule: forwarding,
  google_compute_global_forwarding_rule: forwarding,
  google_workflows_workflow: ({ name, props }) => {
    const steps = list(record(parsed(word(props.source_contents))).main ?? []);
    return {
      workflows: [{ name, kind: 'workflow', ...details({ blocks: steps.length > 0 && String(steps.length) }) }],
    };
  },
};

function modelGarden({ name, props }: Resource, view: View): Partial<Sections> {
  const resources = block(block(props.deploy_config).dedicated_resources);
  const machine = block(resources.machine_spec);
  const model = view.text(props.publisher_model_name) ?? view.text(props.hugging_face_model_id);
  return {
    endpoints: [{ name, kind: 'Vertex AI endpoint', access: 'signed', ...details({ model }) }],
    compute: [
      {
        name,
        kind: 'Vertex AI deployment',
        cloud: 'google',
        machines: textsOf(view, machine.machine_type),
        count: {
          min: view.number(resources.min_replica_count),
          desired: view.number(resources.min_replica_count),
          max: view.number(resources.max_replica_count),
        },
        market: marketOf(resources, machine, view),
        accelerators:
          [view.text(machine.accelerator_count), view.text(machine.accelerator_type)].filter(Boolean).join(' ') ||
          undefined,
        notPriced: 'the price table does not include Vertex AI',
        ...details({
          'machines per replica': view.text(machine.multihost_gpu_node_count),
          topology: view.text(machine.tpu_topology),
        }),
      },
    ],
  };
}

function marketOf(resources: Record<string, unknown>, machine: Record<string, unknown>, view: View): Market {
  if (view.flag(resources.spot) === true) return 'spot';
  const affinity = view.text(block(machine.reservation_affinity).reservation_affinity_type);
  return affinity === 'SPECIFIC_RESERVATION' ? 'reservation' : 'on-demand';
}

function cloudRun({ name, props }: Resource, view: View): Partial<Sections> {
  const template = block(props.template);
  const scaling = block(template.scaling ?? props.scaling);
  const container = block(template.containers);
  const limits = Object.entries(record(block(container.resources).limits)).map(([what, max]) => `${word(max)} ${what}`);
  const kind = 'Cloud Run service';
  const open = (view.text(props.ingress) ?? 'INGRESS_TRAFFIC_ALL') === 'INGRESS_TRAFFIC_ALL';
  const anonymous = view.flag(props.invoker_iam_disabled) === true;
  const exposure: Exposure[] = open && anonymous ? [{ name, kind, why: 'everyone can invoke it' }] : [];
  return {
    ...group({
      name,
      kind,
      cloud: 'google',
      machines: [],
      accelerators: view.text(block(template.node_selector).accelerator),
      count: { min: view.number(scaling.min_instance_count ?? 0), max: view.number(scaling.max_instance_count) },
      encryption: view.encryption(template.encryption_key),
      notPriced: 'Cloud Run is not in the price table',
      ...details({
        size: limits.sort().join(', '),
        'zonal redundancy': view.flag(template.gpu_zonal_redundancy_disabled) === false && 'yes',
        egress: view.text(block(template.vpc_access).egress)?.toLowerCase().replaceAll('_', ' '),
      }),
    }),
    endpoints: [{ name, kind, access: !open ? 'private' : anonymous ? 'public' : 'signed' }],
    exposure,
  };
}

function invokers({ name, props }: Resource, view: View, members: unknown): Partial<Sections> | undefined {
  const everyone = list(members).filter((member) => ['allUsers', 'allAuthenticatedUsers'].includes(word(member)));
  if (everyone.length === 0) return undefined;
  const who = view.find(props.name)?.name ?? name;
  return {
    exposure: [{ name: who, kind: 'Cloud Run service', why: `${everyone.map(word).join(', ')} can invoke it` }],
  };
}

function forwarding({ name, props }: Resource, view: View): Partial<Sections> {
  // A rule without a scheme connects an address in a network to a service attachment.
  if (props.load_balancing_scheme === '')
    return { endpoints: [{ name, kind: 'private connection', access: 'private' }] };
  const scheme = view.text(props.load_balancing_scheme) ?? 'EXTERNAL';
  const open = scheme.startsWith('EXTERNAL');
  const ports = [view.text(props.port_range), ...textsOf(view, props.ports)].filter(Boolean).join(', ');
  const kind = 'forwarding rule';
  return {
    endpoints: [{ name, kind, access: open ? 'public' : 'private', ...details({ ports }) }],
    ...(open && {
      exposure: [{ name, kind, why: `${scheme.toLowerCase().replaceAll('_', ' ')}: ${ports || 'every port'}` }],
    }),
  };
}
