import { App, Stack } from 'aws-cdk-lib';
import { DataClass } from 'ai-infra-constructs';
import {
  AwsMachine,
  GatewayAuthorization,
  GatewayExposure,
  type InferenceEndpoint,
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
  RealtimeServing,
  type SageMakerServingOptions,
} from 'ai-infra-constructs/aws';
import { REGION } from '../support';
import { chatLoad, modelIn } from './endpoint-support';

export const COST = { project: 'atlas', team: 'chat', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' };

/** A public gateway that IAM principals can call. */
export const PUBLIC = { exposure: GatewayExposure.public(), authorization: GatewayAuthorization.iam() };

/** Changes to the props of the platform and of its endpoint. */
export type Change = Partial<Omit<RealtimeInferencePlatformProps, 'serving'> & SageMakerServingOptions>;

/** The reference platform with some changes, in a separate stack. */
export function platform(change: (stack: Stack) => Change = () => ({}), app = new App()) {
  const stack = new Stack(app, 'Inference', REGION);
  const {
    load,
    prices,
    costAllocation,
    monthlyBudgetUsd,
    alertEmails,
    dataClass,
    vpc,
    availabilityZones,
    gateway,
    ...serving
  } = {
    models: { chat: modelIn(stack) },
    machine: AwsMachine.G6E_2XLARGE,
    load: chatLoad(),
    dataClass: DataClass.CONFIDENTIAL,
    costAllocation: COST,
    monthlyBudgetUsd: 12_000,
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    ...change(stack),
  };
  const built = new RealtimeInferencePlatform(stack, 'Platform', {
    serving: RealtimeServing.sageMaker(serving),
    ...{ load, prices, costAllocation, monthlyBudgetUsd, alertEmails, dataClass, vpc, availabilityZones, gateway },
  });
  return { app, stack, platform: built as typeof built & { readonly endpoint: InferenceEndpoint } };
}
