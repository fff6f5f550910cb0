import { App, Stack } from 'aws-cdk-lib';
import { DataClass } from 'ai-infra-constructs';
import {
  AwsMachine,
  GatewayAuthorization,
  GatewayExposure,
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
} from 'ai-infra-constructs/aws';
import { REGION } from '../support';
import { chatLoad, modelIn } from './endpoint-support';

export const COST = { project: 'atlas', team: 'chat', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' };

/** A gateway that anyone reaches and principals of AWS may call. */
export const PUBLIC = { exposure: GatewayExposure.public(), authorization: GatewayAuthorization.iam() };

export type Change = Partial<RealtimeInferencePlatformProps>;

/** The reference, or what `change` makes of it, in a stack of its own. */
export function platform(change: (stack: Stack) => Change = () => ({}), app = new App()) {
  const stack = new Stack(app, 'Inference', REGION);
  const built = new RealtimeInferencePlatform(stack, 'Platform', {
    models: { chat: modelIn(stack) },
    machine: AwsMachine.G6E_2XLARGE,
    load: chatLoad(),
    dataClass: DataClass.CONFIDENTIAL,
    costAllocation: COST,
    monthlyBudgetUsd: 12_000,
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    ...change(stack),
  });
  return { app, stack, platform: built };
}
