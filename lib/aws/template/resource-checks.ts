import { ProblemCollector } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { checkLustre } from '../storage/lustre-rules';
import { AwsMachine } from '../machine/machine';
import { checkEndpointConfig } from './endpoint-config-checks';

/** A resource in a template. The checks ignore values that are intrinsic functions. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Properties;
}

type Properties = Readonly<Record<string, unknown>>;

/** Checks by resource type. */
export const RESOURCE_CHECKS: Readonly<Record<string, (problems: ProblemCollector, properties: Properties) => void>> = {
  'AWS::EC2::LaunchTemplate': (problems, { LaunchTemplateData }) =>
    checkLaunchTemplate(problems.within('LaunchTemplateData'), record(LaunchTemplateData)),
  'AWS::EC2::CapacityReservation': (problems, { InstanceType }) => checkMachine(problems, InstanceType),
  'AWS::FSx::FileSystem': checkFileSystem,
  'AWS::SageMaker::EndpointConfig': checkEndpointConfig,
};

// EC2 API reference, LaunchTemplateInstanceNetworkInterfaceSpecificationRequest; read 2026-11.
const INTERFACE_TYPES = ['interface', 'efa', 'efa-only'];

function checkLaunchTemplate(problems: ProblemCollector, { InstanceType, NetworkInterfaces }: Properties): void {
  checkMachine(problems, InstanceType);
  const interfaces = (Array.isArray(NetworkInterfaces) ? NetworkInterfaces : []).map(record);
  for (const [index, nic] of interfaces.entries()) checkInterface(problems, `NetworkInterfaces[${index}]`, nic);
  if (isText(InstanceType)) checkCards(problems, InstanceType, interfaces);
}

function checkInterface(
  problems: ProblemCollector,
  prop: string,
  { InterfaceType, NetworkCardIndex = 0, DeviceIndex }: Properties,
): void {
  if (isText(InterfaceType) && !INTERFACE_TYPES.includes(InterfaceType)) {
    problems.add({
      code: 'TemplateInterface',
      prop: `${prop}.InterfaceType`,
      allowed: `one of ${INTERFACE_TYPES.join(', ')}`,
      got: InterfaceType,
      fix: 'Use one of these values.',
    });
  }
  if (InterfaceType === 'efa-only' && NetworkCardIndex === 0 && DeviceIndex === 0) {
    problems.add({
      code: 'TemplateInterface',
      prop: `${prop}.InterfaceType`,
      allowed: 'interface or efa, because the primary interface has the IP address',
      got: InterfaceType,
      fix: 'Move the EFA interface to device 1 or to another card.',
    });
  }
}

function checkCards(problems: ProblemCollector, instanceType: string, interfaces: readonly Properties[]): void {
  const machine = AwsMachine.all.find(({ name }) => name === instanceType);
  if (!machine) return;
  const onCard = (card: number) => interfaces.filter(({ NetworkCardIndex = 0 }) => NetworkCardIndex === card);
  const wrong = (card: number, allowed: string, got: number) =>
    problems.add({
      code: 'TemplateInterface',
      prop: 'NetworkInterfaces',
      allowed: `at most ${allowed} on card ${card} of ${machine.name}`,
      got,
      fix: `Use networkLayout(AwsMachine.fromName('${machine.name}')).`,
    });
  for (const card of new Set(interfaces.map(({ NetworkCardIndex = 0 }) => NetworkCardIndex))) {
    if (typeof card !== 'number') continue;
    const max = machine.spec.cards[card]?.maxInterfaces ?? 0;
    if (onCard(card).length > max) wrong(card, `${max} interfaces`, onCard(card).length);
    const efa = onCard(card).filter(
      ({ InterfaceType }) => InterfaceType === 'efa' || InterfaceType === 'efa-only',
    ).length;
    const maxEfa = machine.spec.cards[card]?.efa ? 1 : 0;
    if (efa > maxEfa) wrong(card, `${maxEfa} EFA interfaces`, efa);
  }
}

const FAMILIES = new Set(AwsMachine.all.map(({ name }) => familyOf(name)));
const SIZE = /^(\d*(nano|micro|small|medium|large|xlarge)|metal(-\d+xl)?)$/;

// A family or a metal size can be newer than the table. Only impossible names and wrong sizes of known families are rejected.
function checkMachine(problems: ProblemCollector, instanceType: unknown): void {
  if (!isText(instanceType) || AwsMachine.isKnown(instanceType)) return;
  const size = instanceType.slice(familyOf(instanceType).length + 1);
  const possible = SIZE.test(size) && (size.startsWith('metal') || !FAMILIES.has(familyOf(instanceType)));
  if (possible) return;
  const [meant] = nearest(
    instanceType,
    AwsMachine.all.map(({ name }) => name),
    1,
  );
  problems.add({
    code: 'TemplateMachine',
    prop: 'InstanceType',
    allowed: 'an existing instance type',
    got: instanceType,
    fix: meant ? `Did you mean ${meant}?` : 'See the EC2 user guide.',
  });
}

function familyOf(name: string): string {
  return name.split('.')[0] ?? name;
}

/** CloudFormation names of the props of `checkLustre`. */
const LUSTRE_PROPERTIES: Readonly<Record<string, string>> = {
  size: 'StorageCapacity',
  throughputMBpsPerTiB: 'LustreConfiguration.PerUnitStorageThroughput',
};

function checkFileSystem(
  problems: ProblemCollector,
  { FileSystemType, StorageCapacity, LustreConfiguration }: Properties,
): void {
  const { DeploymentType, PerUnitStorageThroughput, EfaEnabled } = record(LustreConfiguration);
  if (FileSystemType !== 'LUSTRE' || DeploymentType !== 'PERSISTENT_2') return;
  if (typeof StorageCapacity !== 'number' || typeof PerUnitStorageThroughput !== 'number') return;
  const found = new ProblemCollector();
  checkLustre(found, {
    sizeGiB: StorageCapacity,
    throughputMBpsPerTiB: PerUnitStorageThroughput,
    efa: EfaEnabled === true,
  });
  for (const problem of found.all) problems.add({ ...problem, prop: LUSTRE_PROPERTIES[problem.prop] ?? problem.prop });
}

function record(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? (value as Properties) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
