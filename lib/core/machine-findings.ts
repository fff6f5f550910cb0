import type { Finding } from './findings';

/** That figures of a machine are those of nobody's documentation. @param fix how to see whether they are right */
export function unreadFigures(machine: string, figures: string, fix: string, evidence: string): Finding {
  return {
    id: 'machine/unverified',
    level: 'info',
    message: `Figures of ${machine} are not read in a source: ${figures}.`,
    fix,
    evidence,
  };
}

/** That what runs a model sends where it likes. @param cloud whose network it goes through */
export function openContainer(cloud: string, fix: string, evidence: string): Finding {
  return {
    id: 'network/open-container',
    level: 'warning',
    message: `Containers reach the internet through ${cloud}’s network: what a model is made to send, nobody sees.`,
    fix,
    evidence,
  };
}
