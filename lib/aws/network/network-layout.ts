import { Problems } from '../../core/errors';
import { fits, listOf, NUMBER, required } from '../../core/shapes';
import { AWS_MACHINE, type AwsMachine } from '../machine/machine';

/** One network interface of a node, as a launch template states it. */
export interface NetworkInterface {
  readonly networkCardIndex: number;
  readonly deviceIndex: number;
  /** `interface` carries IP, `efa-only` carries only the fabric, `efa` both. */
  readonly interfaceType: 'interface' | 'efa-only' | 'efa';
}

/** The cards that take an EFA interface, lowest first, no more than the machine's limit. */
export function efaCardsOf(machine: AwsMachine): number[] {
  const { cards, efaInterfaces } = machine.spec;
  return [...cards.keys()].filter((index) => cards[index]?.efa).slice(0, efaInterfaces);
}

/**
 * The network interfaces of one node: the IP interface first, then one EFA interface a card.
 *
 * - Card 0, device 0 carries the IP address. `efa-only` can never be primary.
 * - Where card 0 takes EFA, it sits at device 1; on a card of a single interface, EFA and IP share it (`efa`).
 * - Every other card carries `efa-only` at device 0: device 1 is legal only where the card takes two interfaces.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html
 */
export function networkLayout(machine: AwsMachine, efaCards?: readonly number[]): NetworkInterface[] {
  const problems = new Problems();
  const typed = fits(problems, { machine, efaCards }, { machine: required(AWS_MACHINE), efaCards: listOf(NUMBER) });
  if (typed && efaCards !== undefined) checkCards(problems, 'efaCards', machine, efaCards);
  problems.throwIfAny();
  return interfacesOf(machine, efaCards ?? efaCardsOf(machine));
}

/** Adds a problem where cards of a machine cannot carry EFA, or are named twice. */
export function checkCards(problems: Problems, prop: string, machine: AwsMachine, cards: readonly number[]): void {
  const usable = efaCardsOf(machine);
  const unusable = cards.filter((card) => !usable.includes(card));
  if (unusable.length === 0 && new Set(cards).size === cards.length) return;
  problems.add({
    code: 'NetworkCardUnknown',
    prop,
    allowed: `distinct cards of ${machine.name} that take EFA (${usable.length > 0 ? `${usable[0]} to ${usable.at(-1)}` : 'none'})`,
    got: cards,
    fix: `${unusable.length > 0 ? `Leave out ${unusable.join(', ')}` : 'Name each card once'}, or use Interconnect.efa() for all cards.`,
  });
}

function interfacesOf(machine: AwsMachine, efaCards: readonly number[]): NetworkInterface[] {
  const withEfa = new Set(efaCards);
  const shared = withEfa.has(0) && machine.spec.cards[0]?.maxInterfaces === 1;
  const primary: NetworkInterface = {
    networkCardIndex: 0,
    deviceIndex: 0,
    interfaceType: shared ? 'efa' : 'interface',
  };
  const fabric = [...withEfa]
    .filter((card) => !(card === 0 && shared))
    .sort((a, b) => a - b)
    .map((card): NetworkInterface => ({
      networkCardIndex: card,
      deviceIndex: card === 0 ? 1 : 0,
      interfaceType: 'efa-only',
    }));
  return [primary, ...fabric];
}
