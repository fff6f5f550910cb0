/** Cost tags, as a hand-written stack sets them. */
export const TAGS = {
  project: 'atlas',
  team: 'research',
  environment: 'prod',
  'cost-center': 'R-17',
  owner: 'ml-platform',
  'data-class': 'confidential',
} as const;

/** The tags in the format of launch templates and reservations. */
export function tagSpecifications(...resourceTypes: string[]) {
  const tags = Object.entries(TAGS).map(([key, value]) => ({ key, value }));
  return resourceTypes.map((resourceType) => ({ resourceType, tags }));
}
