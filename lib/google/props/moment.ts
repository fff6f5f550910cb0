/** A moment as Google tells it again: another text for the same one would be a change at each apply. */
export function wholeSeconds(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, 'Z');
}
