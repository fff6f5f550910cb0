import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IInterfaceVpcEndpoint, InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import {
  GatewayAuthorization,
  GatewayExposure,
  InferenceGateway,
  type InferenceGatewayProps,
  InferenceTarget,
} from 'ai-infra-constructs/aws';
import { type Json } from '../support';

/** The required props: a public gateway with IAM authorization. */
export function gatewayProps(stack: Stack): InferenceGatewayProps {
  return {
    endpoint: InferenceTarget.fromEndpointName(stack, 'chat'),
    exposure: GatewayExposure.public(),
    authorization: GatewayAuthorization.iam(),
  };
}

export interface SynthesizedGateway {
  readonly app: App;
  readonly stack: Stack;
  readonly gateway: InferenceGateway;
}

/** A gateway in its own stack. */
export function buildGateway(
  props: Partial<InferenceGatewayProps> | ((stack: Stack) => Partial<InferenceGatewayProps>) = {},
  { app = new App(), ...stackProps }: StackProps & { app?: App } = {},
): SynthesizedGateway {
  const stack = new Stack(app, 'Serving', stackProps);
  const given = typeof props === 'function' ? props(stack) : props;
  const gateway = new InferenceGateway(stack, 'Gateway', { ...gatewayProps(stack), ...given });
  return { app, stack, gateway };
}

/** The properties of each resource of a type. */
export function propertiesIn(stack: Stack): (type: string) => Record<string, Json>[] {
  const template = Template.fromStack(stack);
  return (type) => Object.values(template.findResources(type)).map(({ Properties }) => Properties ?? {});
}

/** An existing interface endpoint for a private gateway. */
export function apiEndpoint(stack: Stack): IInterfaceVpcEndpoint {
  return InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'ApiEndpoint', {
    vpcEndpointId: 'vpce-0123456789abcdef0',
    port: 443,
  });
}
