/** The whole numbers that a field takes. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Whether a number is a whole one within bounds. */
export function isWithin(value: number, { least, most }: Bounds): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
