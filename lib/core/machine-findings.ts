import type { Finding } from './findings';

/** The finding for values of a machine that no documentation confirms. @param fix how to verify them */
export function unreadFigures(machine: string, figures: string, fix: string, evidence: string): Finding {
  return {
    id: 'machine/unverified',
    level: 'info',
    message: `Some values of ${machine} were not read in a source: ${figures}.`,
    fix,
    evidence,
  };
}

/** The finding for containers with unrestricted egress. @param cloud the owner of the network that they use */
export function openContainer(cloud: string, fix: string, evidence: string): Finding {
  return {
    id: 'network/open-container',
    level: 'warning',
    message: `Containers reach the internet through the network of ${cloud}, where you cannot see or filter their traffic.`,
    fix,
    evidence,
  };
}
