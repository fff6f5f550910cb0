import { App, Validations } from 'aws-cdk-lib';
import { HIPAASecurityChecks } from 'cdk-nag';
import { AwsMachine, ServingIngress, ServingScaling } from 'ai-infra-constructs/aws';
import { type Changes, hub, serve, SPOT } from '../kubernetes-inference/support';
import { STRICT_APPS } from '../support';
import { expectNoViolations, validated } from './validators';

const P5 = {
  machine: AwsMachine.P5_48XLARGE,
  scaling: ServingScaling.fixed(2),
  availabilityZones: ['us-east-1a', 'us-east-1b'],
};

describe.each(STRICT_APPS)('KubernetesInference %s', (_flags, strict) => {
  test.each<[string, Changes]>([
    ['with Karpenter on spot behind a load balancer', SPOT],
    ['over several machines', { ...P5, model: hub(800), load: undefined }],
  ])('the CloudFormation validator and four policy packs find nothing %s', (_, changes) => {
    const app = new App(strict);
    const { stack } = serve(app, changes);
    expectNoViolations({ app, stack });
  });

  test('the packs would find something: a load balancer without a certificate', () => {
    const app = new App(strict);
    serve(app, { ingress: ServingIngress.internalLoadBalancer() });
    Validations.of(app).addPlugins(new HIPAASecurityChecks(app));
    expect(() => validated(() => app.synth())).toThrow(/ELBv2ACMCertificateRequired/);
  });
});
