import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { documentsOf, type Release } from './charts';
import type { NodeGroup } from './nodes/node-group';
import type { Manifest } from './objects';

/** What a synthesized app installs on its cluster. */
export interface Software {
  /** Charts with their values, from `helmfile.yaml`. */
  readonly releases: readonly Release[];
  /** Objects, from `manifests.yaml`. */
  readonly manifests: readonly Manifest[];
  /** Objects of each acceptance job, by file. */
  readonly acceptance: Readonly<Record<string, readonly Manifest[]>>;
  /** Node groups of the template. */
  readonly groups: readonly NodeGroup[];
}

/** Values for the variables of a bundle, by name. A deployment would know them. */
const VALUES: readonly (readonly [name: RegExp, value: string])[] = [
  [/CIDR/, '10.0.0.0/16'],
  [/SUBNET/, 'subnet-0123456789abcdef0'],
  [/SECURITY_GROUP/, 'sg-0123456789abcdef0'],
  [/RESERVATION/, 'cr-0123456789abcdef0'],
  [/VPC_ID/, 'vpc-0123456789abcdef0'],
  [/VOLUME_KEY/, 'arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef'],
  [/TARGET_GROUP/, 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/chat/0123456789abcdef'],
  [/MODEL_ADDRESS/, 's3://models/chat'],
  [/(CLIENT|TENANT|PRINCIPAL)_ID/, '01234567-89ab-cdef-0123-456789abcdef'],
  [/FILE_SYSTEM_ID/, 'fs-0123456789abcdef0'],
  [/ADDRESS|_IP/, '10.0.0.4'],
  [/REGION/, 'us-east-1'],
  [/PORT/, '988'],
  [/GIB|COUNT|NUMBER/, '1200'],
  [/./, 'value'],
];

/** Reads the files of a synthesized app for GitOps, with values for their variables. */
export function readSoftware(folder: string, groups: readonly NodeGroup[]): Software {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const named = (name: RegExp) => files.filter((file) => name.test(basename(file))).sort();
  const read = (file: string) => substituted(readFileSync(join(folder, file), 'utf8'));
  const releases = named(/^helmfile\.yaml$/).flatMap((file) => (parse(read(file)) as { releases: Release[] }).releases);
  return {
    releases,
    manifests: named(/^manifests\.yaml$/).flatMap((file) => documentsOf(read(file))),
    acceptance: Object.fromEntries(
      named(/^acceptance-.*\.yaml$/).map((file) => [basename(file), documentsOf(read(file))]),
    ),
    groups,
  };
}

/** Replaces the variables that the header lists, as `envsubst` with this list does. */
function substituted(text: string): string {
  const [, list = ''] = /^# envsubst '([^']*)'/.exec(text) ?? [];
  const names = list.split(' ').map((name) => name.slice(1));
  return text.replace(/\$\{([A-Z0-9_]+)\}/g, (reference, name: string) =>
    names.includes(name) ? VALUES.find(([pattern]) => pattern.test(name))![1] : reference,
  );
}
