/** Who pays, as a hand-written stack would say it. */
export const TAGS = {
  project: 'atlas',
  team: 'research',
  environment: 'prod',
  'cost-center': 'R-17',
  owner: 'ml-platform',
  'data-class': 'confidential',
} as const;

/** The tags as launch templates and reservations want them. */
export function tagSpecifications(...resourceTypes: string[]) {
  const tags = Object.entries(TAGS).map(([key, value]) => ({ key, value }));
  return resourceTypes.map((resourceType) => ({ resourceType, tags }));
}
