import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, listOf, NUMBER, required } from '../../core/shapes';
import { AwsMachine } from '../machine/machine';
import { checkCards, efaCardsOf } from './network-layout';

/** Which network cards of a node carry the fabric. */
export class Interconnect {
  /** EFA on every card that takes it: all the bandwidth that the machine has. */
  static efa(): Interconnect {
    return new Interconnect(efaCardsOf, true);
  }

  /**
   * EFA on these cards only. For machines whose layout no published run confirms, and for sharing a node with other traffic.
   *
   * @param cards network card indexes, e.g. `[1, 5, 9, 13]`
   */
  static efaOnCards(cards: readonly number[]): Interconnect {
    demand({ cards }, { cards: required(listOf(NUMBER)) });
    return new Interconnect(() => [...cards], true);
  }

  /** No EFA: nodes talk over TCP on the first interface. */
  static none(): Interconnect {
    return new Interconnect(() => [], false);
  }

  private constructor(
    /** The cards that carry EFA on a machine. */
    public readonly efaCards: (machine: AwsMachine) => number[],
    /** Whether EFA was asked for. */
    public readonly usesEfa: boolean,
  ) {}
}

/** An interconnect, of whichever copy of the package. */
export const INTERCONNECT: Kind = branded(
  Interconnect,
  'Interconnect',
  'an Interconnect',
  'Use Interconnect.efa(), Interconnect.efaOnCards([…]) or Interconnect.none().',
);

/** Adds what is wrong with an interconnect on a machine: EFA that is not there, or cards that cannot carry it. */
export function checkInterconnect(
  problems: Problems,
  machine: AwsMachine,
  interconnect: Interconnect | undefined,
): void {
  if (!interconnect?.usesEfa) return;
  if (!machine.hasEfa) {
    problems.add({
      code: 'EfaUnsupported',
      prop: 'interconnect',
      allowed: `Interconnect.none(), since ${machine.name} has no EFA interface`,
      got: 'EFA',
      fix: `Leave interconnect out, or take a machine with EFA${efaSiblings(machine)}.`,
    });
    return;
  }
  const cards = interconnect.efaCards(machine);
  if (cards.length > 0) checkCards(problems, 'interconnect', machine, cards);
  else {
    problems.add({
      code: 'NetworkCardUnknown',
      prop: 'interconnect',
      allowed: 'one card or more',
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
