import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';

interface Rule {
  readonly pattern: RegExp;
  readonly allowed: string;
}

/**
 * Names that the service accepts.
 *
 * Source: azure-ai-docs, how-to-manage-quotas.md (endpoints, deployments), how-to-create-attach-compute-cluster.md (computes), and the
 * patterns of the API 2026-05-01 (workspaces, registries, outbound rules).
 */
const RULES = {
  endpoint: {
    pattern: /^(?=.{3,32}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/,
    allowed: '3 to 32 letters and digits, starting with a letter, with single hyphens between them',
  },
  compute: {
    pattern: /^(?=.{3,24}$)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$/,
    allowed: '3 to 24 letters, digits, and hyphens, starting with a letter, without a final hyphen',
  },
  workspace: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
    allowed: '3 to 33 letters, digits, hyphens, and underscores, starting with a letter or digit',
  },
  registry: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,31}$/,
    allowed: '3 to 32 letters, digits, hyphens, and underscores, starting with a letter or digit',
  },
} as const satisfies Record<string, Rule>;

/** Adds a problem if Azure ML does not accept a name. A token is valid. */
export function checkMlName(
  problems: ProblemCollector,
  kind: keyof typeof RULES,
  prop: string,
  name: string | undefined,
): void {
  const { pattern, allowed } = RULES[kind];
  if (name === undefined || isUnknown(name) || pattern.test(name)) return;
  problems.add({
    code: 'AzureName',
    prop,
    allowed,
    got: name,
    fix: 'Choose another name.',
  });
}
