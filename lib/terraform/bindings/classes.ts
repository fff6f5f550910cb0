import {
  ImportableResource,
  TerraformDataSource,
  type TerraformMetaArguments,
  TerraformProvider,
  type TerraformProviderGeneratorMetadata,
  TerraformResource,
} from 'cdktf';
import type { Construct } from 'constructs';
import { type Fields, toHcl, toTerraform, type Values } from './fields';
import { camelCase } from './names';
import { defineMembers, Inputs, read } from './references';
import type { DataSourceClass, ProviderClass, ResourceClass } from './types';

/** The Terraform provider of a set of classes. */
export interface ProviderSource {
  /** Name of the provider, for example `alicloud`. */
  readonly name: string;
  /** Address in the registry, for example `aliyun/alicloud`. */
  readonly source: string;
  /** Versions that users can install. */
  readonly constraint: string;
}

/** Without `providerVersion`, which would pin the version. */
function metadataOf({ name, constraint }: ProviderSource): TerraformProviderGeneratorMetadata {
  return { providerName: name, providerVersionConstraint: constraint };
}

function settingsOf(terraformResourceType: string, source: ProviderSource, config: TerraformMetaArguments) {
  const { provider, dependsOn, count, lifecycle, provisioners, connection, forEach } = config;
  const terraformGeneratorMetadata = metadataOf(source);
  return {
    terraformResourceType,
    terraformGeneratorMetadata,
    provider,
    dependsOn,
    count,
    lifecycle,
    provisioners,
    connection,
    forEach,
  };
}

/** Returns the class of a resource type. */
export function resourceClass<Config extends object>(
  source: ProviderSource,
  type: string,
  fields: Fields,
): ResourceClass<Config> {
  class Resource extends TerraformResource {
    static readonly tfResourceType = type;

    static generateConfigForImport(scope: Construct, id: string, importId: string, provider?: TerraformProvider) {
      return new ImportableResource(scope, id, { terraformResourceType: type, importId, provider });
    }

    constructor(scope: Construct, id: string, config: TerraformMetaArguments = {}) {
      super(scope, id, settingsOf(type, source, config));
      new Inputs(this, fields, config as Values);
    }

    protected override synthesizeAttributes() {
      return toTerraform(fields, Inputs.of(this).all);
    }

    protected override synthesizeHclAttributes() {
      return toHcl(fields, Inputs.of(this).all);
    }
  }
  defineMembers(Resource.prototype, fields, read);
  return Resource;
}

/** Returns the class of a data source. */
export function dataSourceClass<Config extends object>(
  source: ProviderSource,
  type: string,
  fields: Fields,
): DataSourceClass<Config> {
  class DataSource extends TerraformDataSource {
    static readonly tfResourceType = type;

    constructor(scope: Construct, id: string, config: TerraformMetaArguments = {}) {
      super(scope, id, settingsOf(type, source, config));
      new Inputs(this, fields, config as Values);
    }

    protected override synthesizeAttributes() {
      return toTerraform(fields, Inputs.of(this).all);
    }

    protected override synthesizeHclAttributes() {
      return toHcl(fields, Inputs.of(this).all);
    }
  }
  defineMembers(DataSource.prototype, fields, read);
  return DataSource;
}

/** Returns the class of a provider. Its members are the configured values, because Terraform cannot refer to a provider. */
export function providerClass<Config extends object>(source: ProviderSource, fields: Fields): ProviderClass<Config> {
  class Provider extends TerraformProvider {
    static readonly tfResourceType = source.name;

    constructor(scope: Construct, id: string, config: object = {}) {
      super(scope, id, {
        terraformResourceType: source.name,
        terraformGeneratorMetadata: metadataOf(source),
        terraformProviderSource: source.source,
      });
      new Inputs(this, fields, config as Values);
    }

    protected override synthesizeAttributes() {
      return toTerraform(fields, Inputs.of(this).all);
    }

    protected override synthesizeHclAttributes() {
      return toHcl(fields, Inputs.of(this).all);
    }
  }
  defineMembers(Provider.prototype, fields, (owner, name) => (owner as Record<string, unknown>)[inputOf(name)]);
  return Provider;
}

function inputOf(name: string): string {
  return `${camelCase(name)}Input`;
}
