import { rmSync } from 'node:fs';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { type ErrorCode } from 'ai-infra-constructs';
import { TemplateChecks } from 'ai-infra-constructs/aws';

type Variant = Partial<CfnEndpointConfig.ProductionVariantProperty>;

function check(variant: Variant, kmsKeyId?: string): void {
  const app = new App();
  new CfnEndpointConfig(new Stack(app, 'Other'), 'Config', {
    kmsKeyId,
    productionVariants: [{ variantName: 'main', instanceType: 'ml.g5.xlarge', initialInstanceCount: 1, ...variant }],
  });
  Validations.of(app).addPlugins(new TemplateChecks());
  const { directory } = app.synth();
  rmSync(directory, { recursive: true });
}

describe('an endpoint configuration outside this library', () => {
  test.each<[ErrorCode, Variant, string | undefined]>([
    ['VolumeKeyRejected', {}, 'alias/models'],
    ['EndpointOption', { volumeSizeInGb: 100 }, undefined],
    ['MachineNotHosted', { instanceType: 'ml.g5.5xlarge' }, undefined],
    ['MachineNotHosted', { instanceType: 'g5.xlarge' }, undefined],
    [
      'EndpointOption',
      { modelName: 'chat', managedInstanceScaling: { status: 'ENABLED', minInstanceCount: 0 } },
      undefined,
    ],
  ])('is rejected with %s', (code, variant, key) => {
    expect(() => {
      check(variant, key);
    }).toThrow(code);
  });

  test.each<[string, Variant, string | undefined]>([
    ['local disks without a key', {}, undefined],
    ['volumes with a key', { instanceType: 'ml.inf2.xlarge', volumeSizeInGb: 100 }, 'alias/models'],
    ['CPU instances', { instanceType: 'ml.c7i.xlarge', volumeSizeInGb: 30 }, 'alias/models'],
    [
      'a fleet of components',
      { managedInstanceScaling: { status: 'ENABLED', minInstanceCount: 0, maxInstanceCount: 2 } },
      undefined,
    ],
  ])('is accepted: %s', (_, variant, key) => {
    expect(() => {
      check(variant, key);
    }).not.toThrow();
  });
});
