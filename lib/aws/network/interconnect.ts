import type { ProblemCollector } from '../../core/errors';
import { assertProps, listOf, NUMBER, required, brand } from '../../core/prop-schema';
import { AwsMachine } from '../machine/machine';
import { checkCards, efaCardsOf } from './network-layout';

/**
 * The network cards of a node that use EFA.
 *
 * @example
 * ```ts
 * import { Interconnect } from 'ai-infra-constructs/aws';
 *
 * const interconnect = Interconnect.efaOnCards([1, 5, 9, 13]);
 * ```
 */
export class Interconnect {
  /** EFA on every card that supports it: the full bandwidth of the machine. */
  static efa(): Interconnect {
    return new Interconnect(efaCardsOf, true);
  }

  /**
   * EFA on some cards only, for example to keep cards free for other traffic.
   *
   * @param cards Indexes of the network cards, for example `[1, 5, 9, 13]`.
   */
  static efaOnCards(cards: readonly number[]): Interconnect {
    assertProps({ cards }, { cards: required(listOf(NUMBER)) });
    return new Interconnect(() => [...cards], true);
  }

  /** No EFA. Nodes communicate over TCP on the first interface. */
  static none(): Interconnect {
    return new Interconnect(() => [], false);
  }

  private constructor(
    /** The cards of a machine that use EFA. */
    public readonly efaCards: (machine: AwsMachine) => number[],
    /** Whether the nodes use EFA. */
    public readonly usesEfa: boolean,
  ) {}
}

brand(Interconnect, 'aws.Interconnect');

/** Adds a problem if a machine does not support an interconnect. */
export function checkInterconnect(
  problems: ProblemCollector,
  machine: AwsMachine,
  interconnect: Interconnect | undefined,
): void {
  if (!interconnect?.usesEfa) return;
  if (!machine.hasEfa) {
    problems.add({
      code: 'EfaUnsupported',
      prop: 'interconnect',
      allowed: `Interconnect.none() for ${machine.name}, which has no EFA interface`,
      got: 'EFA',
      fix: `Remove interconnect, or use a machine with EFA${efaSiblings(machine)}.`,
    });
    return;
  }
  const cards = interconnect.efaCards(machine);
  if (cards.length > 0) checkCards(problems, 'interconnect', machine, cards);
  else {
    problems.add({
      code: 'NetworkCardUnknown',
      prop: 'interconnect',
      allowed: 'a list of at least one card',
      got: cards,
      fix: 'Use Interconnect.none() for no EFA.',
    });
  }
}

function efaSiblings(machine: AwsMachine): string {
  const family = machine.name.split('.')[0];
  const names = AwsMachine.all
    .filter((other) => other.hasEfa && other.name.startsWith(`${family}.`))
    .map((other) => other.name);
  return names.length > 0 ? ` of the same family: ${names.join(', ')}` : '';
}
