import { Problems } from '../../core/errors';
import { listOf, NUMBER, objectOf, required, type Shape, TEXT } from '../../core/shapes';
import { checkNames, type KubernetesManifest } from '../manifest';
import { servingSelector } from './labels';

/** Properties for `inferenceRoute`. */
export interface InferenceRouteProps {
  /** Name of the model's deployment, and of the route's objects. */
  readonly name: string;
  readonly namespace: string;
  /** Port of the servers. */
  readonly port: number;
  /** The gateway that takes requests, of an implementation that knows inference pools. */
  readonly gateway: { readonly name: string; readonly namespace: string };
  /** The service that chooses a replica for each request by its queue and its cache. */
  readonly endpointPicker: { readonly name: string; readonly port: number };
  /** Host names of the route. @default - all of the gateway */
  readonly hostnames?: readonly string[];
  /**
   * What of this model comes first where replicas are full: higher before lower, negative is shed. It takes an endpoint picker of
   * llm-d, whose kind it is.
   *
   * @default - none is said
   */
  readonly priority?: number;
}

/** A gateway of the cluster that knows inference pools. */
export type GatewayOptions = Pick<InferenceRouteProps, 'gateway' | 'endpointPicker' | 'hostnames' | 'priority'>;

/**
 * A pool of replicas behind the Gateway API: requests go to the replica that has the least to do, or the prompt's beginning in its
 * cache.
 *
 * @see https://gateway-api-inference-extension.sigs.k8s.io/
 */
export function inferenceRoute(props: InferenceRouteProps): KubernetesManifest[] {
  const { name, namespace, port, gateway, endpointPicker, hostnames, priority } = props;
  const problems = new Problems();
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
        // A picker that fails must not take the model with it: requests then go to any replica.
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

/** Adds what is wrong with a gateway and its endpoint picker. */
export function checkRoute(
  problems: Problems,
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
  if (!Number.isSafeInteger(port) || port < 1 || port > MOST_PORT) {
    const fix = 'Take the port of the service of the endpoint picker, 9002 by default.';
    wrong('endpointPicker.port', `a port from 1 to ${MOST_PORT}`, port, fix);
  }
  if (priority !== undefined && !Number.isSafeInteger(priority)) {
    wrong('priority', 'a whole number', priority, 'Higher goes before lower; 0 is the middle.');
  }
}

const MOST_PORT = 65_535;

/** The kinds of the options of a gateway. */
export const GATEWAY: Shape<GatewayOptions> = {
  gateway: required(
    objectOf<GatewayOptions['gateway']>(
      { name: required(TEXT), namespace: required(TEXT) },
      'a gateway { name, namespace }',
    ),
  ),
  endpointPicker: required(
    objectOf<GatewayOptions['endpointPicker']>(
      { name: required(TEXT), port: required(NUMBER) },
      'a service { name, port }',
    ),
  ),
  hostnames: listOf(TEXT),
  priority: NUMBER,
};
