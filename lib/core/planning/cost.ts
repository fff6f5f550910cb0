import { checkNumbers } from './inputs';

/** Duration of a run in seconds, as a range: see `trainingTime`. */
export interface SecondsRange {
  /** Duration at the rate that a quarter of runs do not reach. */
  readonly p25: number;
  readonly median: number;
}

/** Cost of a run in USD, as a range. */
export interface CostRange {
  readonly p25: number;
  readonly median: number;
}

/** Returns the cost of machines in USD, for a range of seconds. */
export function runCost(seconds: SecondsRange, machines: number, usdPerMachineHour: number): CostRange {
  checkNumbers(seconds, { p25: 'notNegative', median: 'notNegative' });
  const price = machineHourPrice(machines, usdPerMachineHour);
  return { p25: (seconds.p25 / 3600) * price, median: (seconds.median / 3600) * price };
}

const HOURS_PER_MONTH = 730;

/** Returns the cost of machines in USD, for a month of 730 hours. */
export function monthlyCost(machines: number, usdPerMachineHour: number): number {
  return HOURS_PER_MONTH * machineHourPrice(machines, usdPerMachineHour);
}

/** Returns the cost of storage in USD per month. Prices are per decimal gigabyte. */
export function monthlyStorageCost(bytes: number, usdPerGBMonth: number): number {
  checkNumbers({ bytes, usdPerGBMonth }, { bytes: 'notNegative', usdPerGBMonth: 'notNegative' });
  return (bytes / 1e9) * usdPerGBMonth;
}

/** Returns the cost in USD per million tokens, or `undefined` without throughput. */
export function costPerMillionTokens(usdPerHour: number, tokensPerSecond: number): number | undefined {
  checkNumbers({ usdPerHour, tokensPerSecond }, { usdPerHour: 'notNegative', tokensPerSecond: 'notNegative' });
  return tokensPerSecond > 0 ? (usdPerHour / 3600 / tokensPerSecond) * 1e6 : undefined;
}

function machineHourPrice(machines: number, usdPerMachineHour: number): number {
  checkNumbers({ machines, usdPerMachineHour }, { machines: 'notNegative', usdPerMachineHour: 'notNegative' });
  return machines * usdPerMachineHour;
}
