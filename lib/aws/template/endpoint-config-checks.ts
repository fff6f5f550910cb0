import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import { SAGEMAKER_MACHINES } from '../../core/catalog/sagemaker-machines';
import type { Problems } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { AwsMachine } from '../machine/machine';

type Properties = Readonly<Record<string, unknown>>;

/** Checks what CreateEndpointConfig refuses, and the schema of CloudFormation does not. */
export function checkEndpointConfig(problems: Problems, { ProductionVariants, KmsKeyId }: Properties): void {
  const variants = Array.isArray(ProductionVariants) ? ProductionVariants : [];
  for (const [index, one] of variants.entries()) {
    const variant = (typeof one === 'object' && one !== null ? one : {}) as Properties;
    checkVariant(problems.within(`ProductionVariants[${index}]`), variant, KmsKeyId !== undefined);
  }
}

function checkVariant(problems: Problems, variant: Properties, hasKey: boolean): void {
  const { InstanceType, ManagedInstanceScaling, ModelName, VolumeSizeInGB } = variant;
  if (ModelName !== undefined && ManagedInstanceScaling !== undefined) {
    problems.add({
      code: 'EndpointOption',
      prop: 'ManagedInstanceScaling',
      allowed: 'left out beside a ModelName: only fleets of inference components scale so',
      got: ManagedInstanceScaling,
      fix: 'Serve the model as an inference component, or register the variant with Application Auto Scaling.',
    });
  }
  const machine = typeof InstanceType === 'string' ? machineOf(problems, InstanceType) : undefined;
  if (!machine || !((machine.spec.localNvmeGB ?? 0) > 0)) return;
  if (hasKey) {
    problems.add({
      code: 'VolumeKeyRejected',
      prop: 'InstanceType',
      allowed: 'one without local disks beside a KmsKeyId: SageMaker refuses the key',
      got: InstanceType,
      fix: 'Leave KmsKeyId out: local disks are encrypted in hardware.',
    });
  }
  if (VolumeSizeInGB === undefined) return;
  problems.add({
    code: 'EndpointOption',
    prop: 'VolumeSizeInGB',
    allowed: `left out for ${String(InstanceType)}, which has local disks; ${SAGEMAKER_HOSTING.volumeGB.most} at most for others`,
    got: VolumeSizeInGB,
    fix: 'Leave it out.',
  });
}

const FAMILIES = new Set(Object.keys(SAGEMAKER_MACHINES).map(familyOf));

/** The machine of an instance type. One of a family that the table has, and of no size that it has, does not exist. */
function machineOf(problems: Problems, instanceType: string): AwsMachine | undefined {
  const name = instanceType.replace(/^ml\./, '');
  if (instanceType.startsWith('ml.') && (Object.hasOwn(SAGEMAKER_MACHINES, name) || !FAMILIES.has(familyOf(name)))) {
    return AwsMachine.all.find((machine) => machine.name === name);
  }
  const [meant] = nearest(name, Object.keys(SAGEMAKER_MACHINES), 1);
  problems.add({
    code: 'MachineNotHosted',
    prop: 'InstanceType',
    allowed: 'an instance type that SageMaker hosts endpoints on',
    got: instanceType,
    fix: meant ? `Did you mean ml.${meant}?` : 'Look it up in the reference of CreateEndpointConfig.',
  });
  return undefined;
}

function familyOf(name: string): string {
  return name.split('.')[0] ?? name;
}
