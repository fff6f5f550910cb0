import { checkNumbers } from './inputs';

/** Hours of machines that a run takes, at most and in the middle: see `trainingTime`. */
export interface SecondsRange {
  /** At the rate that a quarter of runs stay below. */
  readonly p25: number;
  readonly median: number;
}

/** What a run costs: a range, as its time is. */
export interface CostRange {
  readonly p25: number;
  readonly median: number;
}

/** US dollars that machines cost for a range of seconds. */
export function runCost(seconds: SecondsRange, machines: number, usdPerMachineHour: number): CostRange {
  checkNumbers(seconds, { p25: 'notNegative', median: 'notNegative' });
  const price = machineHourPrice(machines, usdPerMachineHour);
  return { p25: (seconds.p25 / 3600) * price, median: (seconds.median / 3600) * price };
}

const HOURS_PER_MONTH = 730;

/** US dollars that machines cost for a month of 730 hours. */
export function monthlyCost(machines: number, usdPerMachineHour: number): number {
  return HOURS_PER_MONTH * machineHourPrice(machines, usdPerMachineHour);
}

/** US dollars that storage costs for a month. Providers price decimal gigabytes. */
export function monthlyStorageCost(bytes: number, usdPerGBMonth: number): number {
  checkNumbers({ bytes, usdPerGBMonth }, { bytes: 'notNegative', usdPerGBMonth: 'notNegative' });
  return (bytes / 1e9) * usdPerGBMonth;
}

/** US dollars for a million tokens of a fleet that serves so many a second; absent where it serves none. */
export function costPerMillionTokens(usdPerHour: number, tokensPerSecond: number): number | undefined {
  checkNumbers({ usdPerHour, tokensPerSecond }, { usdPerHour: 'notNegative', tokensPerSecond: 'notNegative' });
  return tokensPerSecond > 0 ? (usdPerHour / 3600 / tokensPerSecond) * 1e6 : undefined;
}

function machineHourPrice(machines: number, usdPerMachineHour: number): number {
  checkNumbers({ machines, usdPerMachineHour }, { machines: 'notNegative', usdPerMachineHour: 'notNegative' });
  return machines * usdPerMachineHour;
}
