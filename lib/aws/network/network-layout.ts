import { ProblemCollector } from '../../core/errors';
import { validateProps, listOf, NUMBER, required } from '../../core/prop-schema';
import type { AwsMachine } from '../machine/machine';
import { AWS_MACHINE } from '../prop-schemas';

/** A network interface in a launch template. */
export interface NetworkInterface {
  /** Index of the network card. */
  readonly networkCardIndex: number;
  /** Index of the device on the card. */
  readonly deviceIndex: number;
  /** `interface` carries IP traffic, `efa-only` carries EFA traffic, and `efa` carries both. The value of the EC2 API. */
  readonly interfaceType: 'interface' | 'efa-only' | 'efa';
}

/** The cards that support an EFA interface, in order, up to the limit of the machine. */
export function efaCardsOf(machine: AwsMachine): number[] {
  const { cards, efaInterfaces } = machine.spec;
  return [...cards.keys()].filter((index) => cards[index]?.efa).slice(0, efaInterfaces);
}

/**
 * The network interfaces of one node: the IP interface first, then one EFA interface on each card.
 *
 * - Card 0, device 0 has the IP address. `efa-only` cannot be the primary interface.
 * - If card 0 supports EFA, its EFA interface is device 1. If the card supports only one interface, IP and EFA share it (`efa`).
 * - Every other card has `efa-only` at device 0. Device 1 is valid only on a card with two interfaces.
 *
 * @param efaCards Indexes of the cards that use EFA. Default: all cards with EFA.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html
 */
export function networkLayout(machine: AwsMachine, efaCards?: readonly number[]): NetworkInterface[] {
  const problems = new ProblemCollector();
  const typed = validateProps(
    problems,
    { machine, efaCards },
    { machine: required(AWS_MACHINE), efaCards: listOf(NUMBER) },
  );
  if (typed && efaCards !== undefined) checkCards(problems, 'efaCards', machine, efaCards);
  problems.throwIfAny();
  return interfacesOf(machine, efaCards ?? efaCardsOf(machine));
}

/** Adds a problem for cards without EFA, and for duplicate cards. */
export function checkCards(
  problems: ProblemCollector,
  prop: string,
  machine: AwsMachine,
  cards: readonly number[],
): void {
  const usable = efaCardsOf(machine);
  const unusable = cards.filter((card) => !usable.includes(card));
  if (unusable.length === 0 && new Set(cards).size === cards.length) return;
  problems.add({
    code: 'NetworkCardUnknown',
    prop,
    allowed: `a list of distinct cards with EFA: ${usable.length > 0 ? `${usable[0]} to ${usable.at(-1)}` : 'none'} on ${machine.name}`,
    got: cards,
    fix: `${unusable.length > 0 ? `Remove ${unusable.join(', ')}` : 'Name each card once'}, or use Interconnect.efa() for all cards.`,
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
