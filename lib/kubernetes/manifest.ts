import type { Problems } from '../core/errors';

/** What every Kubernetes object says about itself. */
export interface ObjectMeta {
  readonly name: string;
  /** @default - the object belongs to the cluster, not to a namespace */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A Kubernetes object as plain data: what a manifest file holds. */
export interface KubernetesManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** An environment variable of a container. */
export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;

/**
 * Whether a text names a Kubernetes object, a namespace and a label value alike.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function isDnsLabel(text: unknown): text is string {
  return typeof text === 'string' && text.length <= LONGEST_LABEL && DNS_LABEL.test(text);
}

/** Adds a problem for each name that is no DNS label. */
export function checkNames(problems: Problems, names: Readonly<Record<string, unknown>>): void {
  for (const [prop, name] of Object.entries(names)) {
    if (isDnsLabel(name)) continue;
    problems.add({
      code: 'KubernetesName',
      prop,
      allowed: `1 to ${LONGEST_LABEL} lower-case letters, digits or "-", beginning and ending with a letter or digit`,
      got: name,
      fix: 'Rename it.',
    });
  }
}
