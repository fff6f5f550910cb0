import type { ProblemCollector } from '../../core/errors';
import { isBefore } from '../../core/image-reference';
import { isKnown } from '../../terraform/tokens';
import type { AlicloudMachine } from '../machine/machine';

/** Node label with the version of the driver. ACK reads it when it creates a node. */
export const DRIVER_LABEL = 'ack.aliyun.com/nvidia-driver-version';

/**
 * Drivers that ACK installs. With any other version, ACK installs its default, 535.161.07, without an error.
 *
 * Source: https://help.aliyun.com/en/ack/ack-managed-and-ack-dedicated/user-guide/ack-supported-nvidia-driver-version-list; for 580.126.09
 * aliyun-computenest/quickstart-robot-solution, on RTX PRO machines; read 2026-11.
 */
const DRIVERS = [
  '580.126.09',
  '570.195.03',
  '570.169',
  '570.133.20',
  '550.163.01',
  '550.144.03',
  '550.90.07',
  '535.230.02',
  '535.161.07',
];

/** Machines with Blackwell GPUs. They need driver 570.153.02 or later. */
const BLACKWELL = /^(ebm)?gn9/;
/** Machines with Hopper GPUs of 96 GB. Alibaba Cloud recommends 570.133.20 or later. */
const HOPPER = /^(ebm)?gn8v/;

/** Default versions: the newest that a source shows on the machine. */
const DEFAULTS = { blackwell: '580.126.09', others: '570.195.03' };

/** The driver of a machine, if the user chooses none. */
export function driverOf({ family }: AlicloudMachine, driver: string | undefined): string {
  return driver ?? (BLACKWELL.test(family) ? DEFAULTS.blackwell : DEFAULTS.others);
}

/** Adds a problem if ACK does not install a driver, or not on the machine. */
export function checkDriver(problems: ProblemCollector, machine: AlicloudMachine, driver: string | undefined): void {
  if (!isKnown(problems, 'driver', driver)) return;
  const floor = BLACKWELL.test(machine.family) ? [570, 153, 2] : HOPPER.test(machine.family) ? [550] : [0];
  const allowed = DRIVERS.filter((one) => !isBefore(one.split('.').map(Number), floor));
  if (allowed.includes(driver)) return;
  problems.add({
    code: 'ChoiceUnknown',
    prop: 'driver',
    allowed: `one of ${allowed.join(', ')} for ${machine.name}`,
    got: driver,
    fix: 'Leave it out, or use a version in the list. ACK would replace it with its default without an error.',
  });
}

/** Whether a driver is too old for containers with CUDA 13. */
export function isBeforeCuda13(driver: string): boolean {
  return Number.parseFloat(driver) < 580;
}
