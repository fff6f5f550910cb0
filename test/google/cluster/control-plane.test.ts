import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  ApiAccess,
  ControlPlane,
  type ControlPlaneProps,
  MlNetwork,
  ReleaseChannel,
} from 'ai-infra-constructs/google';
import { join } from 'node:path';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { TerraformStack, Testing } from 'cdktf';
import { newApp, textIn } from '../../terraform/support';
import { codesOf, type Json, newStack, problemsOf, resourcesOf, theOnly } from '../support';

function synth(props: Partial<ControlPlaneProps> = {}) {
  const stack = newStack();
  const controlPlane = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1', ...props });
  return { stack, controlPlane, cluster: theOnly(stack, 'google_container_cluster') };
}

/** The grant with that id on the key of the cluster, which the cluster depends on. */
function grantBefore(cluster: Json, stack: ReturnType<typeof newStack>, id: string): Json {
  const grants = Object.entries(resourcesOf(stack, 'google_kms_crypto_key_iam_member'));
  const [address, grant] = grants.find(([name]) => name.includes(id))!;
  expect(cluster.depends_on).toContain(`google_kms_crypto_key_iam_member.${address}`);
  expect(grant.role).toBe('roles/cloudkms.cryptoKeyEncrypterDecrypter');
  return grant;
}

test('has private nodes and a private API', () => {
  const { cluster } = synth();
  expect(cluster.private_cluster_config).toMatchObject({ enable_private_nodes: true, enable_private_endpoint: true });
  expect(cluster.control_plane_endpoints_config.dns_endpoint_config).toEqual({ allow_external_traffic: false });
  expect(cluster.master_authorized_networks_config).toEqual({
    cidr_blocks: [],
    gcp_public_cidrs_access_enabled: false,
  });
  expect(cluster.rbac_binding_config).toEqual({
    enable_insecure_binding_system_authenticated: false,
    enable_insecure_binding_system_unauthenticated: false,
  });
});

test('enables L4 internal load balancer subsetting, so that the provider does not replace the cluster', () => {
  expect(synth().cluster.enable_l4_ilb_subsetting).toBe(true);
});

test('enables multi-networking on Dataplane V2', () => {
  expect(synth().cluster).toMatchObject({
    datapath_provider: 'ADVANCED_DATAPATH',
    enable_multi_networking: true,
    networking_mode: 'VPC_NATIVE',
  });
});

test('encrypts secrets with a key, and grants its use to GKE before it creates the cluster', () => {
  const { stack, cluster } = synth();
  expect(cluster.database_encryption).toEqual({
    state: 'ENCRYPTED',
    key_name: expect.stringMatching(/google_kms_crypto_key\..*\.id/),
  });
  const { member } = grantBefore(cluster, stack, 'Grant-container');
  expect(member).toMatch(/^serviceAccount:service-\${.*number}@container-engine-robot\.iam\.gserviceaccount\.com$/);
  expect(theOnly(stack, 'google_kms_crypto_key')).toMatchObject({
    rotation_period: '7776000s',
    lifecycle: { prevent_destroy: true },
  });
});

describe('the default nodes', () => {
  test('have encrypted disks and are Shielded VMs', () => {
    const { stack, cluster } = synth();
    expect(cluster.node_config).toEqual({
      boot_disk_kms_key: cluster.database_encryption.key_name,
      shielded_instance_config: { enable_integrity_monitoring: true, enable_secure_boot: true },
    });
    const { member } = grantBefore(cluster, stack, 'Grant-compute');
    expect(member).toMatch(/^serviceAccount:service-\${.*number}@compute-system\.iam\.gserviceaccount\.com$/);
  });

  test('run with the given service account, and without Shielded VM on request', () => {
    const { node_config: config } = synth({
      serviceAccount: 'nodes@p.iam.gserviceaccount.com',
      shieldedNodes: false,
    }).cluster;
    expect(config.service_account).toBe('nodes@p.iam.gserviceaccount.com');
    expect(config.shielded_instance_config).toEqual({ enable_integrity_monitoring: false, enable_secure_boot: false });
  });

  test('change nothing once they are gone', () => {
    expect(synth().cluster.lifecycle).toEqual({ ignore_changes: ['node_config'] });
  });
});

test('enables Workload Identity Federation, GPU metrics and cost allocation', () => {
  const { cluster } = synth();
  expect(cluster.workload_identity_config.workload_pool).toMatch(/^\${.*\.project}\.svc\.id\.goog$/);
  expect(cluster.monitoring_config.enable_components).toContain('DCGM');
  expect(cluster.cost_management_config).toEqual({ enabled: true });
});

test('sets release channel, version, zones and beta APIs', () => {
  const { cluster, controlPlane } = synth({
    releaseChannel: ReleaseChannel.RAPID,
    kubernetesVersion: '1.34',
    zones: ['us-central1-a'],
    betaApis: ['resource.k8s.io/v1beta1/deviceclasses'],
    deletionProtection: false,
  });
  expect(cluster).toMatchObject({
    release_channel: { channel: 'RAPID' },
    min_master_version: '1.34',
    node_locations: ['us-central1-a'],
    enable_k8s_beta_apis: { enabled_apis: ['resource.k8s.io/v1beta1/deviceclasses'] },
    deletion_protection: false,
  });
  expect(controlPlane.kubernetesVersion).toBe('1.34');
});

test('mounts file systems on the configured port', () => {
  expect(synth().cluster.addons_config.lustre_csi_driver_config).toEqual({ enabled: true });
  expect(synth({ legacyLustrePort: true }).cluster.addons_config.lustre_csi_driver_config).toEqual({
    enabled: true,
    enable_legacy_lustre_port: true,
  });
});

test('uses an existing network and creates no other network', () => {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Own', { region: 'us-central1' });
  new ControlPlane(stack, 'ControlPlane', { region: 'us-central1', network });
  expect(theOnly(stack, 'google_container_cluster').network).toMatch(/google_compute_network\.Own_Network/);
  theOnly(stack, 'google_compute_network');
});

test('rejects a network in another region', () => {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Own', { region: 'europe-west4' });
  expect(problemsOf(() => new ControlPlane(stack, 'ControlPlane', { region: 'us-central1', network }))).toEqual([
    expect.objectContaining({ code: 'LocationInvalid', prop: 'network', got: 'europe-west4' }),
  ]);
});

describe('an API with a DNS name', () => {
  test('is a warning at synthesis', () => {
    const { stack } = synth({ apiAccess: ApiAccess.DNS_BY_IAM });
    expect(findingsOf(stack)).toEqual([expect.objectContaining({ id: 'network/public-api', level: 'warning' })]);
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/^network\/public-api: /)]);
  });

  test('is acknowledged with a reason', () => {
    const { stack, controlPlane } = synth({ apiAccess: ApiAccess.DNS_BY_IAM });
    acknowledge(controlPlane, 'network/public-api', 'Only from the perimeter of the organization.');
    expect(findingsOf(stack)[0]!.acknowledged).toBe('Only from the perimeter of the organization.');
    expect(
      warningsOf(
        newlySynthesized(() => {
          const again = synthApart();
          acknowledge(again.controlPlane, 'network/public-api', 'Known.');
          return again.stack;
        }),
      ),
    ).toEqual([]);
  });
});

function synthApart() {
  const stack = newStack();
  const controlPlane = new ControlPlane(stack, 'ControlPlane', {
    region: 'us-central1',
    apiAccess: ApiAccess.DNS_BY_IAM,
  });
  return { stack, controlPlane };
}

function newlySynthesized(make: () => ReturnType<typeof newStack>) {
  const stack = make();
  Testing.synth(stack);
  return stack;
}

/** The warnings that the cdktf CLI prints. */
function warningsOf(stack: ReturnType<typeof newStack>): string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === '@cdktf/warn')
    .map(({ data }) => data as string);
}

test.each([
  [{ region: 'us-central1-b' }, 'LocationInvalid', 'region'],
  [{ region: 'everywhere' }, 'LocationInvalid', 'region'],
  [{ zones: ['europe-west4-a'] }, 'LocationInvalid', 'zones[0]'],
  [{ kubernetesVersion: 'newest' }, 'GkeVersion', 'kubernetesVersion'],
  [{ releaseChannel: 'FAST' as never }, 'ChoiceUnknown', 'releaseChannel'],
  [{ network: 'default' as never }, 'PropType', 'network'],
])('rejects %j with %s', (props, code, prop) => {
  expect(problemsOf(() => synth(props))).toEqual([expect.objectContaining({ code, prop })]);
});

test('rejects the acknowledgement of an unknown finding', () => {
  const { controlPlane } = synth();
  expect(codesOf(() => acknowledge(controlPlane, 'network/public' as never, 'x'))).toEqual(['FindingUnknown']);
});

test('requests an access token in each stack that uses the connection, because a token expires after an hour', () => {
  const { app, stack } = newApp('base');
  const workloads = new TerraformStack(app, 'workloads');
  for (const each of [stack, workloads]) new GoogleProvider(each, 'Google');
  const { connection } = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1' });
  for (const each of [stack, workloads]) new HelmProvider(each, 'Helm', { kubernetes: connection });
  app.synth();
  const connected = (name: string) => {
    const { provider, data } = JSON.parse(textIn(join(app.outdir, 'stacks', name), 'cdk.tf.json'));
    const [client] = Object.keys(data.google_client_config);
    expect(provider.helm[0].kubernetes.token).toBe(`\${data.google_client_config.${client}.access_token}`);
    return provider.helm[0].kubernetes.host as string;
  };
  expect(connected('base')).toContain('google_container_cluster');
  expect(connected('workloads')).toContain('terraform_remote_state');
});
