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

  test('lies beside the stack, where Terraform runs', () => {
    expect(existsSync(join(folder, 'cdk.tf.json'))).toBe(true);
    expect(readdirSync(join(folder, path)).sort()).toEqual(['Chart.yaml', 'templates']);
  });

  test('is a chart of one version whatever its objects are', () => {
    expect(parse(textIn(folder, `${path}/Chart.yaml`))).toEqual({
      apiVersion: 'v2',
      name: release.name,
      version: '1.0.0',
      type: 'application',
    });
  });

  test('has no text of a user in a template: Helm would read it as its own', () => {
    expect(textIn(folder, `${path}/templates/objects.yaml`)).toBe(
      '{{- range .Values.objects }}\n---\n{{ toJson . }}\n{{- end }}\n',
    );
  });

  test('gets the objects as values: what looks like a template stays, and tokens are put in', () => {
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

  test('waits for no pod: agents come to nodes that may not stand yet', () => {
    expect(release).toMatchObject({ wait: false, atomic: false });
  });

  test('has a name that Helm takes', () => {
    expect(release.name).toMatch(/^[a-z][a-z0-9-]{0,52}$/);
  });
});

test('without a Helm provider it is refused by a code', () => {
  const { app, stack } = newApp();
  new RawChart(stack, 'Objects', { manifests: [] });
  const problems = [expect.objectContaining({ code: 'ProviderMissing' })];
  expect(() => {
    app.synth();
  }).toThrow(expect.objectContaining({ problems }));
});
