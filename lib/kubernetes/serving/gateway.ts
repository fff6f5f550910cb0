import { ProblemCollector } from '../../core/errors';
import { checkNames, type KubernetesManifest } from '../manifest';
import { servingSelector } from './serving-pod';

/** Properties for `inferenceRoute`. */
export interface InferenceRouteProps {
  /** Name of the deployment of the model and of the objects of the route. */
  readonly name: string;
  /** Namespace of the deployment. */
  readonly namespace: string;
  /** Port of the servers. */
  readonly port: number;
  /** Gateway that receives the requests. Its implementation must support inference pools. */
  readonly gateway: { readonly name: string; readonly namespace: string };
  /** Service of the endpoint picker, which chooses a replica for each request by queue length and cache. */
  readonly endpointPicker: { readonly name: string; readonly port: number };
  /** Host names of the route. @default - all host names of the gateway */
  readonly hostnames?: readonly string[];
  /**
   * Priority of the requests when the replicas are full. Higher values are served first, and requests with a negative priority can be
   * dropped. Requires the llm-d endpoint picker, which defines the kind of the object.
   *
   * @default - no priority
   */
  readonly priority?: number;
}

/** Options for an existing gateway of the cluster that supports inference pools. */
export type GatewayOptions = Pick<InferenceRouteProps, 'gateway' | 'endpointPicker' | 'hostnames' | 'priority'>;

/**
 * Creates an inference pool and its route in the Gateway API. Requests go to the replica with the shortest queue, or with the prefix of the
 * prompt in its cache.
 *
 * @see https://gateway-api-inference-extension.sigs.k8s.io/
 */
export function inferenceRoute(props: InferenceRouteProps): KubernetesManifest[] {
  const { name, namespace, port, gateway, endpointPicker, hostnames, priority } = props;
  const problems = new ProblemCollector();
  checkNames(problems, { name, namespace });
  checkRoute(problems, props);
  problems.throwIfAny();
  const metadata = { name, namespace };
  const pool = { group: 'inference.networking.k8s.io', kind: 'InferencePool', name };
  return [
    {
      apiVersion: 'inference.networking.k8s.io/v1',
      kind: 'InferencePool',
      metadata,
      spec: {
        selector: { matchLabels: servingSelector(name) },
        targetPorts: [{ number: port }],
        // If the picker fails, requests go to any replica.
        endpointPickerRef: {
          name: endpointPicker.name,
          port: { number: endpointPicker.port },
          failureMode: 'FailOpen',
        },
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: gateway.name, namespace: gateway.namespace }],
        ...(hostnames && { hostnames: [...hostnames] }),
        rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [pool] }],
      },
    },
    ...(priority === undefined
      ? []
      : [
          {
            apiVersion: 'llm-d.ai/v1alpha2',
            kind: 'InferenceObjective',
            metadata,
            spec: { poolRef: pool, priority },
          },
        ]),
  ];
}

/** Adds problems for a gateway and its endpoint picker. */
export function checkRoute(
  problems: ProblemCollector,
  { gateway, endpointPicker, priority }: Pick<InferenceRouteProps, 'gateway' | 'endpointPicker' | 'priority'>,
): void {
  checkNames(problems, {
    'gateway.name': gateway.name,
    'gateway.namespace': gateway.namespace,
    'endpointPicker.name': endpointPicker.name,
  });
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'IngressInvalid', prop, allowed, got, fix });
  const { port } = endpointPicker;
  if (!Number.isSafeInteger(port) || port < 1 || port > MAX_PORT) {
    const fix = 'Use the port of the service of the endpoint picker, 9002 by default.';
    wrong('endpointPicker.port', `a port from 1 to ${MAX_PORT}`, port, fix);
  }
  if (priority !== undefined && !Number.isSafeInteger(priority)) {
    wrong(
      'priority',
      'a whole number',
      priority,
      'Use 0 for normal requests, and higher values for more important ones.',
    );
  }
}

const MAX_PORT = 65_535;

/** Properties for `internalService`. */
export interface InternalServiceProps {
  /** Name of the deployment of the model. */
  readonly name: string;
  /** Namespace of the deployment. */
  readonly namespace: string;
  /** Port of the servers. */
  readonly port: number;
  /** CIDR blocks of the clients that can send requests. */
  readonly clientCidrs: readonly string[];
  /** Annotations that make the load balancer of the cloud internal. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Labels of the service. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Creates an internal passthrough load balancer. The servers and the network policy see the addresses of the clients. */
export function internalService(props: InternalServiceProps): KubernetesManifest {
  const { name, namespace, port, clientCidrs, annotations, labels } = props;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}-internal`, namespace, ...(labels && { labels }), annotations },
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: [...clientCidrs],
      selector: servingSelector(name),
      ports: [{ name: 'http', port, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}
