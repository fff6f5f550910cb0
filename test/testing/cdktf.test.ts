import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  Aspects,
  type IAspect,
  TerraformElement,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
} from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { architectureOf } from 'ai-infra-constructs/testing';

const outdir = mkdtempSync(join(tmpdir(), 'cdktf-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Resource of any provider, without a provider package. */
class Raw extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    type: string,
    private readonly attributes: Record<string, unknown>,
  ) {
    super(scope, id, {
      terraformResourceType: type,
      terraformGeneratorMetadata: { providerName: type.split('_')[0]! },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.attributes;
  }
}

/** Provider without its package. Only the class itself is abstract in cdktf. */
class RawProvider extends TerraformProvider {}

function googleStack(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new RawProvider(stack, 'Google', {
    terraformResourceType: 'google',
    terraformProviderSource: 'hashicorp/google',
    terraformGeneratorMetadata: { providerName: 'google' },
  });
  return stack;
}

function training(app = new App({ outdir }), machine = 'a3-highgpu-8g', id = 'training'): TerraformStack {
  const stack = googleStack(app, id);
  const nodes = new TerraformVariable(stack, 'nodes', { type: 'number', default: 4 });
  const key = new Raw(stack, 'Key', 'google_kms_crypto_key', { name: 'data', rotation_period: '7776000s' });
  const cluster = new Raw(stack, 'Cluster', 'google_container_cluster', {
    name: 'research',
    remove_default_node_pool: true,
    private_cluster_config: { enable_private_endpoint: true, enable_private_nodes: true },
  });
  new Raw(stack, 'Pool', 'google_container_node_pool', {
    cluster: cluster.getStringAttribute('id'),
    node_count: nodes.value,
    node_config: [{ machine_type: machine, spot: true, boot_disk_kms_key: key.getStringAttribute('id') }],
  });
  new Raw(stack, 'Data', 'google_storage_bucket', {
    name: 'data',
    encryption: { default_kms_key_name: key.getStringAttribute('id') },
  });
  return stack;
}

const EXPECTED = `stack: training (Terraform)

compute:
  Pool:
    kind:           GKE node pool
    machine:        a3-highgpu-8g (8 H100)
    count:          4
    market:         spot
    disks:          100 GB disk
    encryption:     customer key Key

endpoints:
  Cluster:
    kind:           GKE cluster
    access:         private
    encryption:     managed key

storage:
  Data:
    kind:           Cloud Storage bucket
    encryption:     customer key Key
    on delete:      kept
    public access:  set by the organization

keys:
  Key: Cloud KMS key, rotates every 7776000s

open to the internet: nothing`;

const withoutCost = { cost: false };

describe('a stack of CDK for Terraform', () => {
  test('uses the paths of its constructs, with resolved references', () => {
    expect(String(architectureOf(training(), withoutCost))).toBe(EXPECTED);
  });

  test('has the same description from its app, its JSON and its output folder', () => {
    const app = new App({ outdir });
    const stack = training(app);
    app.synth();
    expect(String(architectureOf(app, withoutCost))).toBe(EXPECTED);
    expect(String(architectureOf(outdir, withoutCost))).toBe(EXPECTED);
    const json = String(architectureOf(Testing.synth(stack), withoutCost));
    expect(json).toBe(EXPECTED.replace('stack: training', 'stack: configuration'));
  });

  test('does not write to the output folder of its app', () => {
    const own = mkdtempSync(join(tmpdir(), 'cdktf-'));
    const stack = training(new App({ outdir: own }));
    const before = readdirSync(own, { recursive: true });
    architectureOf(stack);
    expect(readdirSync(own, { recursive: true })).toEqual(before);
    rmSync(own, { recursive: true });
  });

  test('applies its aspects like a synthesis', () => {
    class Dearer implements IAspect {
      visit(node: IConstruct): void {
        if (node instanceof Raw && node.node.id === 'Pool')
          node.addOverride('node_config.0.machine_type', 'a3-megagpu-8g');
      }
    }
    const stack = training();
    Aspects.of(stack).add(new Dearer());
    expect(architectureOf(stack).stacks[0]!.compute[0]!.machines).toEqual(['a3-megagpu-8g']);
  });

  test('describes every stack of an app, and resolves references between them', () => {
    const app = new App({ outdir });
    const first = training(app, 'a3-highgpu-8g', 'first');
    const second = googleStack(app, 'second');
    new Raw(second, 'Disk', 'google_compute_disk', {
      size: 100,
      type: 'pd-ssd',
      labels: { key: (first.node.findChild('Key') as TerraformResource).getStringAttribute('id') },
    });
    const { stacks } = architectureOf(app);
    expect(stacks.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(stacks[1]!.storage[0]).toMatchObject({ name: 'Disk', kind: 'pd-ssd', sizeGiB: 100 });
  });

  test('includes resources that a later stack adds while references are resolved', () => {
    const app = new App({ outdir });
    const first = googleStack(app, 'first');
    class Adds extends TerraformElement {
      override toTerraform(): object {
        if (!first.node.tryFindChild('Late')) new Raw(first, 'Late', 'google_compute_disk', { size: 1 });
        return {};
      }
    }
    new Adds(googleStack(app, 'second'), 'Adds');
    expect(architectureOf(app).stacks[0]!.storage.map(({ name }) => name)).toEqual(['Late']);
  });

  test('throws its own error if it cannot be synthesized', () => {
    const stack = training();
    class Broken extends TerraformElement {
      override toTerraform(): never {
        throw new Error('no such thing');
      }
    }
    new Broken(stack, 'Broken');
    expect(() => architectureOf(stack)).toThrow('no such thing');
  });

  test('throws its own error if the validation fails', () => {
    const stack = training();
    stack.node.addValidation({ validate: () => ['three nodes are too few'] });
    expect(() => architectureOf(stack)).toThrow('three nodes are too few');
  });

  test('is rejected if it synthesizes to HCL instead of JSON', () => {
    process.env.SYNTH_HCL_OUTPUT = 'true';
    try {
      const stack = new TerraformStack(new App({ outdir }), 'hcl');
      expect(() => architectureOf(stack)).toThrow(
        /Unset the environment variable SYNTH_HCL_OUTPUT in tests\. \[ArchitectureSource\]/,
      );
    } finally {
      delete process.env.SYNTH_HCL_OUTPUT;
    }
  });
});
