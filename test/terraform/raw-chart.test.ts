import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformVariable, Testing } from 'cdktf';
import { parse } from 'yaml';
import { RawChart } from '../../lib/terraform/raw-chart';
import { addHelm, evaluated, newApp, textIn } from './support';

function synth() {
  const { app, stack, folder } = newApp();
  addHelm(stack);
  const { stringValue } = new TerraformVariable(stack, 'Vpc', { type: 'string' });
  const data = { script: 'echo "${HOME}" %{x} {{ .Release.Name }}', vpc: stringValue };
  const chart = new RawChart(stack, 'Objects', {
    manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }],
  });
  app.synth();
  const { resource } = JSON.parse(Testing.synth(stack)) as {
    resource: { helm_release: Record<string, Record<string, unknown>> };
  };
  return { folder, chart, release: Object.values(resource.helm_release)[0]! };
}

describe('a raw chart', () => {
  const { folder, release } = synth();
  const path = (release.chart as string).replace('${path.module}/', '');

  test('is written to the stack folder', () => {
    expect(existsSync(join(folder, 'cdk.tf.json'))).toBe(true);
    expect(readdirSync(join(folder, path)).sort()).toEqual(['Chart.yaml', 'templates']);
  });

  test('has a constant version', () => {
    expect(parse(textIn(folder, `${path}/Chart.yaml`))).toEqual({
      apiVersion: 'v2',
      name: release.name,
      version: '1.0.0',
      type: 'application',
    });
  });

  test('has no user strings in templates', () => {
    expect(textIn(folder, `${path}/templates/objects.yaml`)).toBe(
      '{{- range .Values.objects }}\n---\n{{ toJson . }}\n{{- end }}\n',
    );
  });

  test('gets objects as values, with resolved tokens', () => {
    const [text] = release.values as [string];
    expect(JSON.parse(evaluated(text))).toEqual({
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'a' },
          data: { script: 'echo "${HOME}" %{x} {{ .Release.Name }}', vpc: '<jsonencode(var.Vpc)>' },
        },
      ],
    });
  });

  test('does not wait for pods', () => {
    expect(release).toMatchObject({ wait: false, atomic: false });
  });

  test('has a valid release name', () => {
    expect(release.name).toMatch(/^[a-z][a-z0-9-]{0,52}$/);
  });
});

test('rejects a stack without a Helm provider', () => {
  const { app, stack } = newApp();
  new RawChart(stack, 'Objects', { manifests: [] });
  const problems = [expect.objectContaining({ code: 'ProviderMissing' })];
  expect(() => {
    app.synth();
  }).toThrow(expect.objectContaining({ problems }));
});
