import type { TerraformStack } from 'cdktf';
import type { KubernetesManifest } from '../../lib/kubernetes';
import { type Json, resourcesOf } from './resources';
import { evaluated } from './support';

type Resources = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** The Kubernetes objects that a stack installs. */
export function objectsOf(stack: TerraformStack): KubernetesManifest[] {
  return objectsIn({ helm_release: resourcesOf(stack, 'helm_release') });
}

/** Those that resources, by type and address, install. */
export function objectsIn({ helm_release: releases = {} }: Resources): KubernetesManifest[] {
  return (Object.values(releases) as { chart: string; values: [string] }[])
    .filter(({ chart }) => chart.includes('path.module'))
    .flatMap(({ values: [text] }) => (JSON.parse(evaluated(text)) as { objects: KubernetesManifest[] }).objects);
}

/** Those of a kind, by their names. */
export function ofKind(objects: readonly KubernetesManifest[], kind: string): Record<string, KubernetesManifest> {
  return Object.fromEntries(objects.filter((one) => one.kind === kind).map((one) => [one.metadata.name, one]));
}
