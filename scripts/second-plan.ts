import { isDeepStrictEqual } from 'node:util';
import type { Json } from './mocks/provider-mocks';

/** A change of one resource in a plan, as `tofu test -json -verbose` prints it. */
interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly mode: string;
  readonly change: { readonly actions: readonly string[]; readonly before: unknown; readonly after: unknown };
}

interface Message {
  readonly type: string;
  readonly test_plan?: { readonly resource_changes?: readonly ResourceChange[] };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail?: string };
}

/**
 * Returns what a plan after the apply would change: resources that it creates or replaces, and attributes of the configuration that it updates.
 * It leaves out attributes that the configuration does not set, because mock providers invent new values for some of them in each plan.
 *
 * @param output output of `tofu test -json -verbose` with a run whose command is `plan`
 */
export function changesOf(output: string, { resource = {} }: Json): string[] {
  const plans = messagesOf(output).flatMap(({ test_plan: plan }) => plan ?? []);
  if (plans.length === 0) return ['the output has no plan'];
  return plans
    .flatMap(({ resource_changes: changes = [] }) => changes)
    .filter(({ mode, change }) => mode === 'managed' && change.actions.some((action) => action !== 'no-op'))
    .flatMap(({ address, type, name, change: { actions, before, after } }) => {
      if (actions.join() !== 'update') return [`${address}: ${actions.join(', ')}`];
      const given = pathsIn((resource[type] as Readonly<Record<string, unknown>>)[name]);
      return differences(before, after)
        .filter((path) => given.has(path))
        .map((path) => `${address}: update of ${path}`);
    });
}

/** The errors in the output of `tofu test -json`, as text. */
export function errorsOf(output: string): string {
  return messagesOf(output)
    .flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []))
    .map(({ summary, detail = '' }) => `${summary}\n${detail}`)
    .join('\n');
}

function messagesOf(output: string): Message[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Message);
}

/** Paths of all leaves whose values differ, without the positions in lists. */
function differences(before: unknown, after: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isContainer(before) || !isContainer(after)) return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], joined(path, key)));
}

/** Paths of all values of a configuration and of their containers, without the positions in lists. */
function pathsIn(value: unknown, path = ''): Set<string> {
  const below = isContainer(value)
    ? Object.entries(value).flatMap(([key, one]) => [...pathsIn(one, joined(path, key))])
    : [];
  return new Set([path, ...below]);
}

const joined = (path: string, key: string) => (/^\d+$/.test(key) ? path : path === '' ? key : `${path}.${key}`);

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
