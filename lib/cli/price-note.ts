/** Returns the age of the prices of a table in one sentence, or an empty string if they are all current. */
export function priceNote(stale: number, total: number): string {
  if (stale === 0) return '';
  return `${stale} of ${total} prices are over 90 days old or undated: write today's prices with ai-infra prices update, and use them with --prices.`;
}
