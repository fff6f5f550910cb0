import { propType, type PropType } from './prop-schema';

/** The type of a member of an existing object. */
export type MemberType = 'string' | 'function' | 'object';

/** Objects with members of the given types. For interfaces, which do not exist at run time. */
export function withMembers(allowed: string, members: Readonly<Record<string, MemberType>>, fix: string): PropType {
  return propType(allowed, (value) => hasMembers(value, members), fix);
}

/** Returns whether a value is an object with members of the given types. */
export function hasMembers(value: unknown, members: Readonly<Record<string, MemberType>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(members).every(([name, type]) => {
    const member = (value as Record<string, unknown>)[name];
    return typeof member === type && member !== null && member !== '';
  });
}
