import { CHARTS, type ChartPin } from './catalog/charts';

export { CHARTS, type ChartPin };

/** A chart of the table. */
export type ChartName = keyof typeof CHARTS;

/** A pinned chart with the values that a training cluster needs. */
export interface ChartRelease extends ChartPin {
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether the installation goes on only once its pods are ready. @default true */
  readonly wait?: boolean;
}

/** The release of a chart with some values. */
export function releaseOf(chart: ChartName, values: Readonly<Record<string, unknown>>): ChartRelease {
  return { ...CHARTS[chart], values };
}

/** Whether the chart lies in an OCI registry. */
export function isOci({ repository }: Pick<ChartPin, 'repository'>): boolean {
  return repository.startsWith('oci://');
}

/** Full address of a chart in an OCI registry, as `helm install` and the CDK's `HelmChart` take it; nothing for another chart. */
export function ociAddress(pin: ChartPin): string | undefined {
  return isOci(pin) ? `${pin.repository}/${pin.chart}` : undefined;
}
