import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindingsOf } from '../../scripts/bindings';
import * as alicloud from '../../scripts/bindings/alicloud';
import type { ProviderSchema } from '../../scripts/bindings/schema';
import { generatedProviderOf } from '../../scripts/clouds';

const PROVIDER = { name: 'mars', source: 'planets/mars', version: '1.2.0', constraint: '~> 1.2' };

const SCHEMA: ProviderSchema = {
  provider: { block: { attributes: { region: { type: 'string', optional: true } } } },
  resource_schemas: {
    mars_rover: {
      block: {
        attributes: {
          id: { type: 'string', optional: true, computed: true },
          name: { type: 'string', required: true },
          old_name: { type: 'string', optional: true, deprecated: true },
          wheels: { type: ['set', 'number'], optional: true },
          labels: { type: ['map', 'string'], computed: true },
          parts: { type: ['list', ['object', { serial: 'string', spare: 'bool' }]], computed: true },
        },
        block_types: {
          battery: {
            nesting_mode: 'list',
            max_items: 1,
            min_items: 1,
            block: { attributes: { level: { type: 'number', computed: true } } },
          },
          trip: { nesting_mode: 'set', block: { attributes: { to: { type: 'string', required: true } } } },
        },
      },
    },
  },
  data_source_schemas: { mars_craters: { block: {} } },
};

const files = bindingsOf(PROVIDER, SCHEMA, { RESOURCES: ['rover'], DATA_SOURCES: ['craters'] });

test('writes one file for each class, and a module that exports them', () => {
  expect(Object.keys(files).sort()).toEqual([
    'generated/data-craters.ts',
    'generated/provider.ts',
    'generated/rover.ts',
    'generated/source.ts',
    'mars.ts',
  ]);
  expect(files['mars.ts']).toContain("export { Rover, type RoverConfig } from './generated/rover';");
  expect(files['mars.ts']).toContain(
    "export { DataMarsCraters, type DataMarsCratersConfig } from './generated/data-craters';",
  );
});

test.each([
  ['a required attribute', '  readonly name: string;'],
  ['a deprecated attribute', '  /** @deprecated */\n  readonly oldName?: string;'],
  ['a set', '  readonly wheels?: readonly number[];'],
  ['a required block', '  readonly battery: RoverBattery;'],
  ['a set of blocks', '  readonly trip?: readonly RoverTrip[] | IResolvable;'],
  ['a computed attribute', '  readonly id: string;'],
  ['a computed map', '  readonly labels: StringMap;'],
  ['a computed list of objects', '  readonly parts: BlockListReference<object, RoverPartsAttributes>;'],
  ['a computed attribute in a block', '  readonly battery: BlockReference<RoverBattery, RoverBatteryAttributes>;'],
  ['the table', "    level: 'computed number',"],
])('writes %s', (_, line) => {
  expect(files['generated/rover.ts']).toContain(`${line}\n`);
});

test('rejects a name that the schema does not have', () => {
  expect(() => bindingsOf(PROVIDER, SCHEMA, { RESOURCES: ['lander'], DATA_SOURCES: [] })).toThrow(
    'mars 1.2.0 has no resource mars_lander',
  );
});

test('the generated folder has a class for each name of the table, and no other', () => {
  const folder = join(__dirname, '../../lib/alicloud/provider/generated');
  const names = [...alicloud.RESOURCES, ...alicloud.DATA_SOURCES.map((name) => `data_${name}`), 'provider', 'source'];
  expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name.replaceAll('_', '-')}.ts`).sort());
  const { constraint } = generatedProviderOf('alicloud')!;
  expect(readFileSync(join(folder, 'source.ts'), 'utf8')).toContain(`constraint: '${constraint}'`);
});
