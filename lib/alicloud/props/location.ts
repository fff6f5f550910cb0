import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { regionNames, similarRegions } from '../../core/catalog/regions';
import { AiInfraError, type ProblemCollector } from '../../core/errors';
import { chosenProvider, defaultProvider } from '../../terraform/chosen-provider';
import { record } from '../../terraform/findings';
import { isKnown, isUnknown } from '../../terraform/tokens';

/** A region such as `cn-hangzhou` or `ap-southeast-1`. @see https://www.alibabacloud.com/help/en/ecs/product-overview/regions-and-zones */
const REGION = /^[a-z]{2}(-[a-z]+)+(-\d+)?$/;
/** A zone such as `cn-hangzhou-i` or `ap-southeast-1a`. */
const ZONE = /^([a-z]{2}(?:-[a-z]+)+-\d+)[a-z]$|^([a-z]{2}(?:-[a-z]+)+)-[a-z]$/;

/** Adds a problem if a zone is malformed or unknown at synthesis. */
export function checkZone(problems: ProblemCollector, prop: string, zone: string | undefined): void {
  if (!isKnown(problems, prop, zone) || ZONE.test(zone)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'a zone, for example cn-hangzhou-i or ap-southeast-1a',
    got: zone,
    fix: REGION.test(zone) ? `Use a zone of the region ${zone}.` : 'Copy it from `aliyun ecs DescribeZones`.',
  });
}

/** Adds a problem if a region is malformed or unknown at synthesis. */
export function checkRegion(problems: ProblemCollector, prop: string, region: string | undefined): void {
  if (!isKnown(problems, prop, region)) return;
  if (REGION.test(region) && !ZONE.test(region)) return;
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: 'a region, for example cn-hangzhou or ap-southeast-1',
    got: region,
    fix: ZONE.test(region) ? `Use ${regionOf(region)}.` : 'Copy it from `aliyun ecs DescribeRegions`.',
  });
}

/** The region of a zone: `cn-hangzhou` for `cn-hangzhou-i`. */
export function regionOf(zone: string): string {
  const [, numbered, named] = ZONE.exec(zone) ?? [];
  return numbered ?? named ?? zone;
}

/**
 * Rejects a zone in another region than that of the provider, at synthesis. Every resource of a stack is created in the region of its provider, which
 * can be configured after the construct.
 */
export function requireRegionOfProvider(scope: Construct, prop: string, zone: string): void {
  if (isUnknown(zone)) return;
  scope.node.addValidation({
    validate: () => {
      const region = providerRegion(scope);
      if (region === undefined || region === regionOf(zone)) return [];
      throw new AiInfraError(
        [
          {
            code: 'LocationInvalid',
            prop,
            allowed: `in ${region}, the region of the provider`,
            got: zone,
            fix: `Use a zone of ${region}, or set \`region: '${regionOf(zone)}'\` on the provider.`,
          },
        ],
        scope,
      );
    },
  });
}

/** Region of the provider of a construct. Undefined if it is not known at synthesis, for example from an environment variable. */
function providerRegion(scope: Construct): string | undefined {
  const provider = chosenProvider(scope, 'alicloud') ?? defaultProvider(TerraformStack.of(scope), 'alicloud');
  const region = (provider as { readonly region?: unknown } | undefined)?.region;
  return typeof region === 'string' && !isUnknown(region) ? region : undefined;
}

/** Records a finding for a region that the list of regions does not have. It can be new, or a typing error. */
export function recordRegion(scope: Construct, region: string): void {
  if (isUnknown(region) || regionNames('alicloud').includes(region)) return;
  record(scope, {
    id: 'location/unlisted',
    level: 'warning',
    message: `The list of Alibaba Cloud regions does not have ${region}.`,
    fix: `Use one such as ${similarRegions(region, ['alicloud']).join(', ')}, or acknowledge this finding if \`aliyun ecs DescribeRegions\` shows the region.`,
    evidence:
      'table of Alibaba Cloud regions, and https://www.alibabacloud.com/help/en/ecs/product-overview/regions-and-zones',
  });
}
