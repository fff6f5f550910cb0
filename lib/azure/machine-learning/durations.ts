const UNITS = [
  ['H', 3600],
  ['M', 60],
  ['S', 1],
] as const;

const DAY = 86_400;

/**
 * Returns a duration in the form that the service returns, such as `PT3M` instead of `PT180S`. Another form would change with each apply. That Azure ML
 * returns durations in this form is inferred from its SDK, unverified.
 *
 * @see https://learn.microsoft.com/en-us/dotnet/api/system.xml.xmlconvert.tostring, of a TimeSpan
 */
export function isoDuration(seconds: number): string {
  let rest = seconds % DAY;
  const time = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count}${unit}` : '';
  }).join('');
  const days = Math.floor(seconds / DAY);
  const date = days > 0 ? `P${days}D` : 'P';
  if (time !== '') return `${date}T${time}`;
  return days > 0 ? date : 'PT0S';
}
