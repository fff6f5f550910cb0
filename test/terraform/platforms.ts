import { DataClass } from 'ai-infra-constructs';

/** Who pays for a reference, and which data it holds. */
export function ownedBy(team: string) {
  return {
    dataClass: DataClass.CONFIDENTIAL,
    costAllocation: { project: 'Atlas', team, environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  };
}
