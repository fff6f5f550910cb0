import type { ProblemCollector } from '../core/errors';

/** Metadata of a Kubernetes object. */
export interface ObjectMeta {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. @default - the object is cluster-scoped */
  readonly namespace?: string;
  /** Labels of the object. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Kubernetes object as plain data, like in a manifest file. */
export interface KubernetesManifest {
  /** API group and version, for example `apps/v1`. */
  readonly apiVersion: string;
  /** Kind of the object, for example `Deployment`. */
  readonly kind: string;
  /** Name, namespace, labels and annotations of the object. */
  readonly metadata: ObjectMeta;
  /** Other fields of the object, for example `spec`. */
  readonly [field: string]: unknown;
}

/** Environment variable of a container. */
export interface EnvVar {
  /** Name of the variable. */
  readonly name: string;
  /**
   * Value of the variable.
   * @schema STRING_OR_EMPTY
   */
  readonly value: string;
}

/** Environment variable of a container: a value, or a key of a secret. */
export type ContainerVariable =
  | EnvVar
  | {
      readonly name: string;
      readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
    };

/** Namespace of the jobs of a training cluster. */
export const TRAINING_NAMESPACE = 'training';

/**
 * Creates a namespace. @param level what pods in it may do on their nodes
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespaceWith(name: string, level: 'privileged' | 'restricted'): KubernetesManifest {
  const labels = { 'pod-security.kubernetes.io/enforce': level };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const MAX_LABEL_LENGTH = 63;

/**
 * Returns whether a value is a DNS label, which is valid as the name of an object, a namespace and a label value.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function isDnsLabel(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LABEL_LENGTH && DNS_LABEL.test(value);
}

/** Adds a problem for each name that is not a DNS label. */
export function checkNames(problems: ProblemCollector, names: Readonly<Record<string, unknown>>): void {
  for (const [prop, name] of Object.entries(names)) {
    if (isDnsLabel(name)) continue;
    problems.add({
      code: 'KubernetesName',
      prop,
      allowed: `1 to ${MAX_LABEL_LENGTH} lowercase letters, digits or "-", starting and ending with a letter or digit`,
      got: name,
      fix: 'Choose another name.',
    });
  }
}

const MAX_NAME_LENGTH = 253;

/** Returns whether a value can be the name of most objects, for example of a secret: DNS labels with dots between them. */
export function isObjectName(value: string): boolean {
  return value.length <= MAX_NAME_LENGTH && value.split('.').every((label) => DNS_LABEL.test(label));
}
