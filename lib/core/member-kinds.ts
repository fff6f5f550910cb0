import { kind, type Kind } from './shapes';

/** What a member of a brought object is. */
export type MemberType = 'string' | 'function' | 'object';

/** Objects with members of some types: for interfaces, which leave no trace at run time. */
export function withMembers(allowed: string, members: Readonly<Record<string, MemberType>>, fix: string): Kind {
  return kind(allowed, (value) => hasMembers(value, members), fix);
}

/** Whether a value is an object that has members of some types. */
export function hasMembers(value: unknown, members: Readonly<Record<string, MemberType>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(members).every(([name, type]) => {
    const member = (value as Record<string, unknown>)[name];
    return typeof member === type && member !== null && member !== '';
  });
}
