/** A timestamp in the format that the API returns. Another format would show a change in every plan. */
export function wholeSeconds(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, 'Z');
}
