import { Token } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Reserved label domains. A node can set the labels of only two of them for itself. */
const RESERVED = /(^|\.)(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)$/;
const ALLOWED = ['node.kubernetes.io', 'kubelet.kubernetes.io'];

/**
 * Adds a problem for each label that Kubernetes or EKS rejects, or that the library sets itself.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 */
export function checkNodeLabels(problems: ProblemCollector, labels: Readonly<Record<string, string>> = {}): void {
  const wrong = (key: string, allowed: string, fix: string) =>
    problems.add({ code: 'NodeLabel', prop: `labels.${key}`, allowed, got: labels[key], fix });
  for (const [key, value] of Object.entries(labels)) {
    const domain = domainOf(key);
    if (domain === 'ai-infra') {
      wrong(key, 'a label outside ai-infra/, which the library uses to select nodes', 'Rename the label.');
    } else if (!isLabelKey(key)) {
      wrong(
        key,
        'a valid label key: a name of up to 63 characters, with an optional DNS domain and "/" in front',
        'Rename the label.',
      );
    } else if (RESERVED.test(domain) && !ALLOWED.includes(domain)) {
      wrong(
        key,
        `outside ${domain}/, which a node cannot set for itself`,
        'Move it to node.kubernetes.io/, or remove the domain.',
      );
    } else if (!isLabelValue(value)) {
      wrong(
        key,
        'up to 63 letters, digits, "-", "_", or ".", starting and ending with a letter or digit',
        'Shorten or rename the value.',
      );
    }
  }
}

function domainOf(key: string): string {
  return key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
}

/** Returns whether a key is valid for a label or a taint. */
export function isLabelKey(key: string): boolean {
  const domain = domainOf(key);
  return NAME.test(key.slice(key.indexOf('/') + 1)) && (!key.includes('/') || DOMAIN.test(domain));
}

/** Returns whether a value is valid for a label or a taint. A token is. */
export function isLabelValue(value: string): boolean {
  return value === '' || Token.isUnresolved(value) || NAME.test(value);
}
