import { join } from 'node:path';
import {
  AlicloudProvider,
  CsManagedKubernetes,
  DataAlicloudZones,
  EcsDeploymentSet,
  NasFileSystem,
  OssBucket,
  OssBucketHttpsConfig,
  OssBucketReplication,
  Vpc,
  Vswitch,
} from 'ai-infra-constructs/alicloud/provider';
import { DataBucket } from 'ai-infra-constructs/alicloud';
import { Fn, TerraformOutput, TerraformProvider, TerraformResource, TerraformStack, Testing } from 'cdktf';
import type { Construct } from 'constructs';
import { newApp, textIn } from '../../terraform/support';
import { type Json, newStack, stackIn } from '../support';

function json(stack: TerraformStack): Json {
  return JSON.parse(Testing.synth(stack));
}

/** The value of an output, as it is in the configuration. */
function written(stack: TerraformStack, value: unknown): unknown {
  new TerraformOutput(stack, 'Value', { value });
  return json(stack).output.Value.value;
}

const only = (stack: TerraformStack, type: string) => Object.values<Json>(json(stack).resource[type])[0]!;

describe('a resource', () => {
  test('writes attributes, blocks, and lists by their names in Terraform', () => {
    const stack = stackIn();
    new OssBucket(stack, 'Bucket', {
      bucket: 'data',
      versioning: { status: 'Enabled' },
      lifecycleRule: [{ enabled: true, expiration: [{ days: 3 }], tags: { a: 'b' } }],
    });
    expect(only(stack, 'alicloud_oss_bucket')).toMatchObject({
      bucket: 'data',
      versioning: { status: 'Enabled' },
      lifecycle_rule: [{ enabled: true, expiration: [{ days: 3 }], tags: { a: 'b' } }],
    });
  });

  test('leaves out undefined values and keys that the schema does not have', () => {
    const stack = stackIn();
    new Vpc(stack, 'Vpc', { vpcName: undefined, cidrBlock: '10.0.0.0/8', other: 1 } as object);
    expect(Object.keys(only(stack, 'alicloud_vpc')).filter((key) => key !== '//')).toEqual(['cidr_block']);
  });

  test('changes with setters, put methods, reset methods, and overrides', () => {
    const stack = stackIn();
    const bucket = new OssBucket(stack, 'Bucket', {
      bucket: 'data',
      storageClass: 'IA',
      versioning: { status: 'Enabled' },
    });
    bucket.bucket = 'renamed';
    bucket.resetStorageClass();
    bucket.versioning.status = 'Suspended';
    bucket.putTransferAcceleration({ enabled: true });
    bucket.addOverride('tags.added', 'yes');
    expect([bucket.bucketInput, bucket.storageClassInput]).toEqual(['renamed', undefined]);
    expect(only(stack, 'alicloud_oss_bucket')).toEqual({
      bucket: 'renamed',
      versioning: { status: 'Suspended' },
      transfer_acceleration: { enabled: true },
      tags: { added: 'yes' },
    });
  });

  test('has meta arguments, and can be imported', () => {
    const stack = stackIn();
    const vpc = new Vpc(stack, 'Vpc', { cidrBlock: '10.0.0.0/8' });
    new Vswitch(stack, 'Vswitch', {
      vpcId: vpc.id,
      cidrBlock: '10.0.0.0/16',
      dependsOn: [vpc],
      lifecycle: { preventDestroy: true },
    }).importFrom('vsw-1');
    Vpc.generateConfigForImport(stack, 'Existing', 'vpc-1');
    const config = json(stack);
    expect(only(stack, 'alicloud_vswitch')).toMatchObject({
      depends_on: ['alicloud_vpc.Vpc'],
      lifecycle: { prevent_destroy: true },
    });
    expect(config.import).toEqual(
      expect.arrayContaining([
        { id: 'vsw-1', to: 'alicloud_vswitch.Vswitch' },
        { id: 'vpc-1', to: 'alicloud_vpc.Existing' },
      ]),
    );
    expect(Vpc.tfResourceType).toBe('alicloud_vpc');
  });

  test('accepts a reference to a block as the value of a block', () => {
    const stack = stackIn();
    const one = new OssBucket(stack, 'One', { versioning: { status: 'Enabled' } });
    new OssBucket(stack, 'Two', { versioning: one.versioning });
    expect(json(stack).resource.alicloud_oss_bucket.Two.versioning).toBe('${alicloud_oss_bucket.One.versioning[0]}');
  });
});

describe('a reference', () => {
  test.each<[string, (stack: TerraformStack) => unknown, string]>([
    ['a string', (stack) => new Vpc(stack, 'Vpc', {}).routeTableId, 'alicloud_vpc.Vpc.route_table_id'],
    [
      'a number',
      (stack) => new NasFileSystem(stack, 'Fs', { protocolType: 'cpfs', storageType: 'x' }).capacity,
      'alicloud_nas_file_system.Fs.capacity',
    ],
    ['a boolean', (stack) => new Vpc(stack, 'Vpc', {}).enableIpv6, 'alicloud_vpc.Vpc.enable_ipv6'],
    ['a list', (stack) => new Vpc(stack, 'Vpc', {}).userCidrs, 'alicloud_vpc.Vpc.user_cidrs'],
    [
      'a set',
      (stack) => new OssBucketHttpsConfig(stack, 'Https', { bucket: 'b', enable: true }).tlsVersions,
      'tolist(alicloud_oss_bucket_https_config.Https.tls_versions)',
    ],
    ['a map', (stack) => new Vpc(stack, 'Vpc', {}).tags, 'alicloud_vpc.Vpc.tags'],
    [
      'a key of a computed map',
      (stack) => new CsManagedKubernetes(stack, 'C', {}).connections.lookup('api_server_intranet'),
      'alicloud_cs_managed_kubernetes.C.connections["api_server_intranet"]',
    ],
    [
      'an attribute of a block',
      (stack) => new OssBucket(stack, 'B', {}).versioning.status,
      'alicloud_oss_bucket.B.versioning[0].status',
    ],
    [
      'an attribute of a block in a list',
      (stack) => new OssBucket(stack, 'B', {}).lifecycleRule.get(1).id,
      'alicloud_oss_bucket.B.lifecycle_rule[1].id',
    ],
    [
      'an attribute of a block in a set',
      (stack) => new OssBucket(stack, 'B', {}).lifecycleRule.get(0).expiration.get(0).days,
      'tolist(alicloud_oss_bucket.B.lifecycle_rule[0].expiration).0.days',
    ],
    [
      'a computed attribute of a block',
      (stack) =>
        new OssBucketReplication(stack, 'R', { bucket: 'b', destination: { bucket: 'c', location: 'l' } }).progress
          .newObject,
      'alicloud_oss_bucket_replication.R.progress[0].new_object',
    ],
    ['a timeout', (stack) => new Vpc(stack, 'Vpc', {}).timeouts.create, 'alicloud_vpc.Vpc.timeouts.create'],
    [
      'an item of a data source',
      (stack) => new DataAlicloudZones(stack, 'Zones').zones.get(0).id,
      'data.alicloud_zones.Zones.zones[0].id',
    ],
  ])('to %s', (_, read, expression) => {
    const stack = stackIn();
    expect(written(stack, read(stack))).toBe(`\${${expression}}`);
  });

  test('reaches another stack', () => {
    const { app, stack, folder } = newApp('One');
    const other = new TerraformStack(app, 'Other');
    for (const each of [stack, other]) new AlicloudProvider(each, 'Alicloud', { region: 'cn-hangzhou' });
    const vpc = new Vpc(stack, 'Vpc', { cidrBlock: '10.0.0.0/8' });
    new Vswitch(other, 'Vswitch', { vpcId: vpc.id, cidrBlock: '10.0.0.0/16' });
    app.synth();
    const { output } = JSON.parse(textIn(folder, 'cdk.tf.json'));
    const { resource } = JSON.parse(textIn(join(folder, '../Other'), 'cdk.tf.json'));
    expect(Object.values<Json>(output).map(({ value }) => value as string)).toEqual(['${alicloud_vpc.Vpc.id}']);
    expect(resource.alicloud_vswitch.Vswitch.vpc_id).toMatch(/^\${data\.terraform_remote_state\./);
  });
});

test('HCL output has blocks, lists, and maps', () => {
  const stack = stackIn();
  new OssBucket(stack, 'Bucket', {
    bucket: 'data',
    tags: { a: 'b' },
    versioning: { status: 'Enabled' },
    lifecycleRule: [{ enabled: true, expiration: [{ days: 3 }] }],
  });
  new Vpc(stack, 'Vpc', { userCidrs: ['10.0.0.0/8'] });
  const hcl = Testing.synthHcl(stack).replace(/\s+/g, ' ');
  expect(hcl).toContain('lifecycle_rule { enabled = true expiration { days = 3 } }');
  expect(hcl).toContain('versioning { status = "Enabled" }');
  expect(hcl).toContain('tags = { a = "b" }');
  expect(hcl).toContain('user_cidrs = [ "10.0.0.0/8" ]');
});

describe('a provider', () => {
  test('has its configuration as members, and an alias', () => {
    const stack = newStack();
    const provider = new AlicloudProvider(stack, 'Alicloud', {
      region: 'cn-hangzhou',
      alias: 'first',
      assumeRole: { roleArn: 'acs:ram::1:role/deploy' },
    });
    provider.profile = 'dev';
    expect([provider.region, provider.fqn]).toEqual(['cn-hangzhou', 'alicloud.first']);
    expect(json(stack).provider.alicloud).toEqual([
      { alias: 'first', region: 'cn-hangzhou', profile: 'dev', assume_role: { role_arn: 'acs:ram::1:role/deploy' } },
    ]);
  });

  test('lets a deployment use a newer version', () => {
    const stack = stackIn();
    expect(json(stack).terraform.required_providers.alicloud).toEqual({
      source: 'aliyun/alicloud',
      version: '~> 1.285',
    });
  });
});

describe("classes of a user's own", () => {
  class OwnProvider extends TerraformProvider {
    constructor(scope: Construct, id: string) {
      super(scope, id, {
        terraformResourceType: 'alicloud',
        terraformProviderSource: 'aliyun/alicloud',
        terraformGeneratorMetadata: OWN,
      });
    }
  }

  class OwnRoute extends TerraformResource {
    constructor(
      scope: Construct,
      id: string,
      private readonly config: { readonly vpcId: string },
    ) {
      super(scope, id, { terraformResourceType: 'alicloud_vpc_route_entry', terraformGeneratorMetadata: OWN });
    }

    protected override synthesizeAttributes() {
      return { vpc_id: this.config.vpcId };
    }
  }

  const OWN = { providerName: 'alicloud', providerVersion: '1.289.0', providerVersionConstraint: '1.289.0' };

  test('are in the same stack, and refer to ours', () => {
    const stack = newStack();
    new OwnProvider(stack, 'Own');
    const vpc = new Vpc(stack, 'Vpc', { cidrBlock: '10.0.0.0/8' });
    const route = new OwnRoute(stack, 'Route', { vpcId: vpc.id });
    new EcsDeploymentSet(stack, 'Set', { description: Fn.join('', [route.getStringAttribute('id')]) });
    new DataBucket(stack, 'Data');
    const { resource, terraform } = json(stack);
    expect(Object.values<Json>(resource.alicloud_vpc_route_entry)[0]!.vpc_id).toBe('${alicloud_vpc.Vpc.id}');
    expect(Object.values<Json>(resource.alicloud_ecs_deployment_set)[0]!.description).toContain(
      'alicloud_vpc_route_entry.Route.id',
    );
    expect(terraform.required_providers.alicloud).toEqual({ source: 'aliyun/alicloud', version: '1.289.0' });
  });
});
