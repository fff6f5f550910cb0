import { CHARTS, type ChartPin } from './catalog/charts';

export { CHARTS, type ChartPin };

/** Name of a chart in `CHARTS`. */
export type ChartName = keyof typeof CHARTS;

/** Pinned Helm chart with its values. */
export interface ChartRelease extends ChartPin {
  /** Values of the chart. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether the installation waits until the pods are ready. @default true */
  readonly wait?: boolean;
}

/** Returns the release of a chart with the given values. */
export function releaseOf(chart: ChartName, values: Readonly<Record<string, unknown>>): ChartRelease {
  return { ...CHARTS[chart], values };
}

/** Returns whether the chart is in an OCI registry. */
export function isOci({ repository }: Pick<ChartPin, 'repository'>): boolean {
  return repository.startsWith('oci://');
}

/** Returns the full address of a chart in an OCI registry for `helm install` and `HelmChart` of the CDK, or left out for other charts. */
export function ociAddress(pin: ChartPin): string | undefined {
  return isOci(pin) ? `${pin.repository}/${pin.chart}` : undefined;
}
