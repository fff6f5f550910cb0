import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NAME, ROOT, appFolder, must } from './workspace';

const HANDLER = 'aws/gateway/handler';
const packed = () => join(appFolder(), 'node_modules', NAME, 'dist', HANDLER);

/** Key of the gateway function's code in the asset bucket: the hash of its content. */
function keyOf(folder: string, entryPoint: string, ...flags: string[]): string {
  const script = `
    const { App, Stack } = require('aws-cdk-lib');
    const { GatewayAuthorization, GatewayExposure, InferenceGateway, InferenceTarget } = require('${entryPoint}');
    const stack = new Stack(new App(), 'Serving');
    new InferenceGateway(stack, 'Gateway', {
      endpoint: InferenceTarget.fromEndpointName(stack, 'chat'),
      exposure: GatewayExposure.public(),
      authorization: GatewayAuthorization.iam(),
    });
    const { Template } = require('aws-cdk-lib/assertions');
    const [handler] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    process.stdout.write(handler.Properties.Code.S3Key);`;
  return must(folder, process.execPath, ...flags, '-e', script);
}

describe('the function of the inference gateway', () => {
  test('is packed unchanged', () => {
    const sources = join(ROOT, 'lib', HANDLER);
    const names = readdirSync(sources).sort();
    expect(readdirSync(packed()).sort()).toEqual(names);
    for (const name of names) expect(readFileSync(join(packed(), name))).toEqual(readFileSync(join(sources, name)));
  });

  test('has the same asset hash in the package and in the sources', () => {
    const key = keyOf(appFolder(), `${NAME}/aws`);
    expect(key).toMatch(/^[0-9a-f]{64}\.zip$/);
    expect(key).toBe(keyOf(ROOT, './lib/aws/index.ts', '--import', 'tsx'));
  });

  test('contains no paths of this machine, and imports only the SDK of its runtime', () => {
    for (const name of readdirSync(packed())) {
      const text = readFileSync(join(packed(), name), 'utf8');
      expect(text).not.toContain(ROOT);
      const imported = [...text.matchAll(/^\s*(?:import|\}) .*from '([^']+)';$/gm)].map(([, target]) => target);
      expect(imported.filter((target) => !/^(\.\/|node:|@aws-sdk\/client-)/.test(target!))).toEqual([]);
    }
  });
});
