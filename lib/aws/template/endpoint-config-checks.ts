import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import { SAGEMAKER_MACHINES } from '../../core/catalog/sagemaker-machines';
import type { ProblemCollector } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { AwsMachine } from '../machine/machine';

type Properties = Readonly<Record<string, unknown>>;

/** Checks values that the CloudFormation schema allows but CreateEndpointConfig rejects. */
export function checkEndpointConfig(problems: ProblemCollector, { ProductionVariants, KmsKeyId }: Properties): void {
  const variants = Array.isArray(ProductionVariants) ? ProductionVariants : [];
  for (const [index, one] of variants.entries()) {
    const variant = (typeof one === 'object' && one !== null ? one : {}) as Properties;
    checkVariant(problems.within(`ProductionVariants[${index}]`), variant, KmsKeyId !== undefined);
  }
}

function checkVariant(problems: ProblemCollector, variant: Properties, hasKey: boolean): void {
  const { InstanceType, ManagedInstanceScaling, ModelName, VolumeSizeInGB } = variant;
  if (ModelName !== undefined && ManagedInstanceScaling !== undefined) {
    problems.add({
      code: 'EndpointOption',
      prop: 'ManagedInstanceScaling',
      allowed: 'left out for a variant with a ModelName',
      got: ManagedInstanceScaling,
      fix: 'Deploy the model as an inference component, or register the variant with Application Auto Scaling.',
    });
  }
  const machine = typeof InstanceType === 'string' ? machineOf(problems, InstanceType) : undefined;
  if (!machine || !((machine.spec.localNvmeGB ?? 0) > 0)) return;
  if (hasKey) {
    problems.add({
      code: 'VolumeKeyRejected',
      prop: 'InstanceType',
      allowed: 'an instance type without local disks if KmsKeyId is set',
      got: InstanceType,
      fix: 'Remove KmsKeyId. The hardware encrypts local disks.',
    });
  }
  if (VolumeSizeInGB === undefined) return;
  problems.add({
    code: 'EndpointOption',
    prop: 'VolumeSizeInGB',
    allowed: `left out for ${String(InstanceType)}, which has local disks (for others at most ${SAGEMAKER_HOSTING.volumeGB.max})`,
    got: VolumeSizeInGB,
    fix: 'Remove it.',
  });
}

const FAMILIES = new Set(Object.keys(SAGEMAKER_MACHINES).map(familyOf));

/** The machine of an instance type. If the table has its family but not its size, the instance type does not exist. */
function machineOf(problems: ProblemCollector, instanceType: string): AwsMachine | undefined {
  const name = instanceType.replace(/^ml\./, '');
  if (instanceType.startsWith('ml.') && (Object.hasOwn(SAGEMAKER_MACHINES, name) || !FAMILIES.has(familyOf(name)))) {
    return AwsMachine.all.find((machine) => machine.name === name);
  }
  const [meant] = nearest(name, Object.keys(SAGEMAKER_MACHINES), 1);
  problems.add({
    code: 'MachineNotHosted',
    prop: 'InstanceType',
    allowed: 'an instance type that SageMaker endpoints support',
    got: instanceType,
    fix: meant ? `Did you mean ml.${meant}?` : 'See the reference of CreateEndpointConfig.',
  });
  return undefined;
}

function familyOf(name: string): string {
  return name.split('.')[0] ?? name;
}
