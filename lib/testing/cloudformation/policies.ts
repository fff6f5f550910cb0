import { list, type Props, record, records } from '../json';
import type { View } from '../view';

/** Returns the actions that a resource policy allows everyone without a condition, for example `s3:GetObject`, or undefined. */
export function openToEveryone(view: View, policy: unknown): string | undefined {
  const open = allowed(policy).filter((statement) => isEveryone(statement.Principal) && isEmpty(statement.Condition));
  const actions = open.flatMap((statement) => texts(view, statement.Action ?? statement.NotAction));
  return actions.length > 0 ? `policy allows everyone ${[...new Set(actions)].sort().join(', ')}` : undefined;
}

/** Returns the broad permissions of a policy: all actions, or all actions of a service, on all resources. */
export function wildcardsOf(view: View, policy: unknown): readonly string[] {
  const everywhere = allowed(policy).filter(
    (statement) => texts(view, statement.Resource).includes('*') && isEmpty(statement.Condition),
  );
  const actions = everywhere.flatMap((statement) => texts(view, statement.Action));
  const but = everywhere.flatMap((statement) => texts(view, statement.NotAction));
  return [
    ...actions.filter((action) => action === '*' || /^[\w-]+:\*$/.test(action)).map((action) => `${action} on *`),
    ...(but.length > 0 ? [`all but ${but.sort().join(', ')} on *`] : []),
  ];
}

function allowed(policy: unknown): readonly Props[] {
  return records(record(policy).Statement).filter((statement) => statement.Effect === 'Allow');
}

function isEveryone(principal: unknown): boolean {
  if (principal === '*') return true;
  return Object.values(record(principal)).some((who) => list(who).includes('*'));
}

function isEmpty(condition: unknown): boolean {
  return Object.keys(record(condition)).length === 0;
}

function texts(view: View, values: unknown): string[] {
  return list(values).map((value) => view.text(value) ?? '');
}
