import { type TerraformStack, Testing, Token } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { type Hostile, hostileValues, outcomeIn } from '../hostile-values';
import { newStack } from './support';

/** Values that plain JavaScript can pass, by name. */
export const HOSTILE: readonly Hostile[] = [
  ...hostileValues({
    number: Token.asNumber('${var.number}'),
    text: Token.asString({ resolve: () => '${var.text}' }),
    list: Token.asList({ resolve: () => '${var.list}' }),
  }),
  [
    'an object with members of the wrong types',
    { name: null, location: 7, id: 7, keyId: [], identity: null, bucket: 1 },
  ],
];

/** A construct, valid props, and which of them are required. */
export interface Subject<P extends object> {
  readonly make: (scope: Construct, id: string, props: P) => IConstruct;
  readonly props: (stack: TerraformStack) => P;
  readonly kinds: Readonly<Record<keyof P, 'required' | 'optional'>>;
}

/** The outcome of one value for a prop. */
export function outcome<P extends object>(subject: Subject<P>, change: (props: P) => unknown): 'accepted' | string[] {
  const stack = newStack();
  const props = change(subject.props(stack));
  return outcomeIn(stack, {
    make: () => subject.make(stack, 'Subject', props as P),
    synth: () => Testing.synth(stack),
  });
}
