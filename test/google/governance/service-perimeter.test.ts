import { findingsOf } from 'ai-infra-constructs';
import {
  ControlPlane,
  DataBucket,
  PerimeterMember,
  PerimeterMode,
  ServicePerimeter,
  type ServicePerimeterProps,
} from 'ai-infra-constructs/google';
import { newStack, problemsOf, resourcesOf, theOnly } from '../support';

const LEVEL = 'accessPolicies/123/accessLevels/office';
const CI = 'serviceAccount:ci@my-project.iam.gserviceaccount.com';

function synth(props: Partial<ServicePerimeterProps> = {}) {
  const stack = newStack();
  const perimeter = new ServicePerimeter(stack, 'Perimeter', { accessPolicy: '123', ...props });
  return { stack, perimeter, ids: findingsOf(perimeter).map(({ id }) => id) };
}

const resourceOf = (props: Partial<ServicePerimeterProps> = {}) =>
  theOnly(synth(props).stack, 'google_access_context_manager_service_perimeter');

describe('a perimeter', () => {
  test('is a dry run around the project of the stack by default', () => {
    const resource = resourceOf();
    expect(resource).toMatchObject({
      parent: 'accessPolicies/123',
      name: expect.stringMatching(/^accessPolicies\/123\/servicePerimeters\/[a-z][a-z0-9_]{0,49}$/),
      perimeter_type: 'PERIMETER_TYPE_REGULAR',
      use_explicit_dry_run_spec: true,
    });
    expect(resource.status).toBeUndefined();
    expect(resource.spec.resources).toEqual([
      expect.stringMatching(/^projects\/\${data\.google_project\..*\.number}$/),
    ]);
  });

  test('rejects requests if it is enforced', () => {
    const resource = resourceOf({ mode: PerimeterMode.ENFORCED, projects: ['42'], accessLevels: [LEVEL] });
    expect(resource.spec).toBeUndefined();
    expect(resource).toMatchObject({
      use_explicit_dry_run_spec: false,
      status: { resources: ['projects/42'], access_levels: [LEVEL] },
    });
  });

  test('restricts the services of all resources in the stack', () => {
    const { stack } = synth();
    new DataBucket(stack, 'Data', { region: 'us-central1' });
    const restricted = () =>
      theOnly(stack, 'google_access_context_manager_service_perimeter').spec.restricted_services as string[];
    expect(restricted()).toEqual(['cloudkms.googleapis.com', 'storage.googleapis.com']);
    new ControlPlane(stack, 'Cluster', { region: 'us-central1' });
    expect(restricted()).toEqual([
      'artifactregistry.googleapis.com',
      'cloudkms.googleapis.com',
      'compute.googleapis.com',
      'container.googleapis.com',
      'containerfilesystem.googleapis.com',
      'logging.googleapis.com',
      'monitoring.googleapis.com',
      'storage.googleapis.com',
    ]);
  });

  test('restricts only the given services', () => {
    expect(resourceOf({ services: ['storage.googleapis.com'] }).spec.restricted_services).toEqual([
      'storage.googleapis.com',
    ]);
  });

  test('has ingress and egress rules for all methods of a service', () => {
    const { spec } = resourceOf({
      ingress: [
        { identities: [CI], from: [LEVEL, 'projects/7'], services: ['storage.googleapis.com'] },
        { services: ['*'] },
      ],
      egress: [{ identities: [CI], to: ['projects/9'], services: ['bigquery.googleapis.com'] }],
    });
    expect(spec.ingress_policies[0]).toEqual({
      ingress_from: { identities: [CI], sources: [{ access_level: LEVEL }, { resource: 'projects/7' }] },
      ingress_to: {
        resources: ['*'],
        operations: [{ service_name: 'storage.googleapis.com', method_selectors: [{ method: '*' }] }],
      },
    });
    expect(spec.ingress_policies[1]).toEqual({
      ingress_from: { identity_type: 'ANY_IDENTITY', sources: [{ access_level: '*' }] },
      ingress_to: { resources: ['*'], operations: [{ service_name: '*' }] },
    });
    expect(spec.egress_policies).toEqual([
      {
        egress_from: { identities: [CI] },
        egress_to: {
          resources: ['projects/9'],
          operations: [{ service_name: 'bigquery.googleapis.com', method_selectors: [{ method: '*' }] }],
        },
      },
    ]);
  });
});

describe('findings', () => {
  test('report a dry run', () => {
    expect(synth().ids).toEqual(['perimeter/dry-run']);
  });

  test('report an enforced perimeter without ingress', () => {
    expect(synth({ mode: PerimeterMode.ENFORCED }).ids).toEqual(['perimeter/locked']);
    expect(synth({ mode: PerimeterMode.ENFORCED, accessLevels: [LEVEL] }).ids).toEqual([]);
    const ingress = [{ identities: [CI], services: ['*'] }];
    expect(synth({ mode: PerimeterMode.ENFORCED, ingress }).ids).toEqual([]);
  });

  test('report a rule for any identity and source', () => {
    const { perimeter } = synth({
      mode: PerimeterMode.ENFORCED,
      ingress: [
        { identities: [CI], services: ['*'] },
        { services: ['storage.googleapis.com'] },
        { from: [LEVEL], services: ['*'] },
      ],
      egress: [{ to: ['*'], services: ['storage.googleapis.com'] }],
    });
    expect(findingsOf(perimeter)).toEqual([
      expect.objectContaining({
        id: 'perimeter/open',
        message: expect.stringMatching(/^ingress\[1\], egress\[0\] of/),
      }),
    ]);
  });
});

describe('invalid input', () => {
  test.each([
    [{ accessPolicy: 'accessPolicies/123' }, 'accessPolicy'],
    [{ services: ['storage'] }, 'services[0]'],
    [{ services: [] }, 'services'],
    [{ projects: ['my-project'] }, 'projects[0]'],
    [{ accessLevels: ['office'] }, 'accessLevels[0]'],
    [{ ingress: [{ services: [] }] }, 'ingress[0].services'],
    [{ ingress: [{ services: ['storage'] }] }, 'ingress[0].services[0]'],
    [{ ingress: [{ from: ['*'], services: ['*'] }] }, 'ingress[0].from[0]'],
    [{ ingress: [{ identities: ['ada@example.com'], services: ['*'] }] }, 'ingress[0].identities[0]'],
    [{ egress: [{ to: ['my-project'], services: ['*'] }] }, 'egress[0].to[0]'],
    [{ egress: [{ to: [], services: ['*'] }] }, 'egress[0].to'],
  ])('rejects %j', (props, prop) => {
    expect(problemsOf(() => synth(props))).toEqual([expect.objectContaining({ code: 'PerimeterInvalid', prop })]);
  });

  test.each([
    [{ mode: 'on' }, 'ChoiceUnknown'],
    [{ ingress: [{}] }, 'ValueMissing'],
    [{ egress: 'all' }, 'PropType'],
    [{ accessPolicy: 123 }, 'PropType'],
  ])('%j has the wrong type', (props, code) => {
    expect(problemsOf(() => synth(props as never))).toEqual([expect.objectContaining({ code })]);
  });
});

describe('a member of an existing perimeter', () => {
  const PERIMETER = 'accessPolicies/123/servicePerimeters/research';

  test.each([
    [undefined, 'google_access_context_manager_service_perimeter_dry_run_resource'],
    [PerimeterMode.ENFORCED, 'google_access_context_manager_service_perimeter_resource'],
  ])('joins its configuration %s', (mode, type) => {
    const stack = newStack();
    new PerimeterMember(stack, 'Member', { perimeter: PERIMETER, mode });
    expect(Object.values(resourcesOf(stack, type))).toEqual([
      expect.objectContaining({ perimeter_name: PERIMETER, resource: expect.stringMatching(/^projects\/\${/) }),
    ]);
  });

  test('requires the full name of the perimeter', () => {
    const join = () => new PerimeterMember(newStack(), 'Member', { perimeter: 'research' });
    expect(problemsOf(join)).toEqual([expect.objectContaining({ code: 'PerimeterInvalid', prop: 'perimeter' })]);
  });
});
