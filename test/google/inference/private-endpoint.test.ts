import {
  CostAllocation,
  EncryptionKey,
  MlNetwork,
  PrivateConnection,
  PrivateEndpoint,
  type PrivateEndpointProps,
} from 'ai-infra-constructs/google';
import { codesOf, newStack, problemsOf, refusalsOf, resourcesOf, theOnly } from '../support';
import { idsOf } from './support';

const ATTACHMENT = 'projects/t-tp/regions/us-central1/serviceAttachments/gkedpm-1';

function synth(props: Partial<PrivateEndpointProps> = {}, stack = newStack()) {
  const endpoint = new PrivateEndpoint(stack, 'Chat', { region: 'us-central1', ...props });
  return { stack, endpoint, resource: theOnly(stack, 'google_vertex_ai_endpoint') };
}

describe('a private endpoint', () => {
  test('allows its own project to connect, has a key, and uses no beta options', () => {
    const { stack, resource } = synth();
    expect(resource).toMatchObject({
      location: 'us-central1',
      region: 'us-central1',
      private_service_connect_config: {
        enable_private_service_connect: true,
        project_allowlist: [expect.stringMatching(/^\$\{data\.google_client_config/)],
      },
      encryption_spec: { kms_key_name: expect.stringMatching(/^\$\{google_kms_crypto_key\./) },
      depends_on: [expect.stringMatching(/^google_kms_crypto_key_iam_member\./)],
    });
    expect(JSON.stringify(resource)).not.toContain('enable_secure_private_service_connect');
    expect(theOnly(stack, 'google_kms_crypto_key_iam_member').member).toMatch(/@gcp-sa-aiplatform\.iam/);
  });

  test('has a stable name of at most ten digits, which differs by path', () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map(
      (id) => new PrivateEndpoint(newStack(), id, { region: 'us-central1' }).resource.nameInput,
    );
    expect(names.every((name) => /^[1-9]\d{0,9}$/.test(name!))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    expect(synth().resource.name).toBe(synth().resource.name);
  });

  test('accepts projects, a key, a request log and a display name', () => {
    const stack = newStack();
    const encryptionKey = new EncryptionKey(stack, 'Own', { region: 'us-central1' });
    const requestLog = { table: 'bq://p.logs.chat', percent: 10 };
    const { resource } = synth({ projects: ['a', 'b'], encryptionKey, requestLog, displayName: 'Chat' }, stack);
    expect(resource).toMatchObject({
      display_name: 'Chat',
      private_service_connect_config: { project_allowlist: ['a', 'b'] },
      predict_request_response_logging_config: {
        enabled: true,
        sampling_rate: 0.1,
        bigquery_destination: { output_uri: 'bq://p.logs.chat' },
      },
    });
  });

  test('supports labels for cost allocation', () => {
    const { stack } = synth();
    CostAllocation.apply(stack, { project: 'Atlas', team: 'b', environment: 'dev', costCenter: 'c', owner: 'd' });
    expect(theOnly(stack, 'google_vertex_ai_endpoint').labels).toMatchObject({ project: 'atlas' });
  });

  test('gets a finding, because it does not check IAM', () => {
    expect(idsOf(synth().endpoint)).toEqual(['gateway/open-to-network']);
  });

  test.each([
    [{ region: 'here' }, 'LocationInvalid region'],
    [{ requestLog: { table: 'logs' } }, 'CaptureInvalid requestLog.table'],
    [{ requestLog: { table: 'bq://p', percent: 0 } }, 'CaptureInvalid requestLog.percent'],
    [{ displayName: 'x'.repeat(129) }, 'InferenceName displayName'],
    [{ projects: 'p' as never }, 'PropType projects'],
  ])('rejects %j', (props, expected) => {
    expect(refusalsOf(() => synth(props))).toEqual([expected]);
  });
});

describe('a connection', () => {
  test('creates an address in the network of the clients, and a forwarding rule to the service attachment', () => {
    const { stack, endpoint } = synth();
    const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
    const connection = endpoint.connectFrom('Clients', network, ATTACHMENT);
    expect(theOnly(stack, 'google_compute_address')).toMatchObject({
      address_type: 'INTERNAL',
      region: 'us-central1',
      subnetwork: expect.stringMatching(/^\$\{google_compute_subnetwork\./),
    });
    expect(theOnly(stack, 'google_compute_forwarding_rule')).toMatchObject({
      load_balancing_scheme: '',
      target: ATTACHMENT,
      ip_address: expect.stringMatching(/^\$\{google_compute_address\..*\.id\}$/),
      network: expect.stringMatching(/^\$\{google_compute_network\./),
    });
    expect(connection.ipAddress).toMatch(/\$\{/);
  });

  test('uses the service attachment of the first model by default', () => {
    const { stack, endpoint } = synth();
    endpoint.connectFrom('Clients', new MlNetwork(stack, 'Network', { region: 'us-central1' }));
    expect(theOnly(stack, 'google_compute_forwarding_rule').target).toMatch(
      /deployed_models\[0\]\.private_endpoints\[0\]\.service_attachment/,
    );
  });

  test('rejects a malformed service attachment, and another region', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'us-east4' });
    const connect = (serviceAttachment: string) => () =>
      new PrivateConnection(stack, 'C', { network, serviceAttachment });
    expect(problemsOf(connect('attachment'))).toMatchObject([{ code: 'AttachmentInvalid', prop: 'serviceAttachment' }]);
    expect(codesOf(() => new PrivateConnection(stack, 'D', { network, serviceAttachment: ATTACHMENT }))).toEqual([
      'LocationInvalid',
    ]);
    expect(codesOf(() => synth().endpoint.connectFrom('C', {} as never))).toEqual(['PropType']);
    expect(resourcesOf(stack, 'google_compute_address')).toEqual({});
  });
});

test.each([undefined, null, 7, 'endpoint', []])('rejects the props %j with a code', (props) => {
  expect(codesOf(() => new PrivateEndpoint(newStack(), 'Chat', props as never)).length).toBeGreaterThan(0);
  expect(codesOf(() => new PrivateConnection(newStack(), 'Chat', props as never)).length).toBeGreaterThan(0);
});
