import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartOf, type Release, renderChart } from './charts';
import type { ControlPlane } from './control-plane';
import type { Manifest } from './objects';
import { freePorts } from './processes';

/** Charts whose controllers run, and the names of their programs. */
const CONTROLLERS: Readonly<Record<string, string>> = {
  jobset: 'jobset',
  'kubeflow-trainer': 'trainer-controller-manager',
  kueue: 'kueue',
  lws: 'lws',
};

type Json = Readonly<Record<string, unknown>>;

/** Ports of a controller on the loopback interface. */
interface Ports {
  readonly health: number;
  readonly webhook: number;
}

/** Controller that runs outside the cluster, with the rights and the configuration of its chart. */
interface Controller {
  readonly name: string;
  readonly objects: readonly Manifest[];
  readonly ports: Ports;
}

/** Controllers of a control plane. */
export class Controllers {
  private readonly ports = new Map<string, Ports>();
  private readonly configs = new Map<string, string>();

  constructor(private readonly plane: ControlPlane) {}

  /**
   * Installs the charts of the controllers that run here: their definitions, rights and webhooks, with our values. Then starts the
   * controllers with the tokens of their service accounts. The pods of the charts run on the nodes of kwok and do nothing. A controller
   * that runs already starts again only if its configuration is another one.
   */
  async install(releases: readonly Release[]): Promise<void> {
    const ours = releases.filter((release) => chartOf(release) in CONTROLLERS);
    const controllers = await Promise.all(ours.map((release) => this.prepare(release)));
    const namespaces = releases.map(({ namespace }) => namespaceOf(namespace));
    await applyInOrder(this.plane, [...namespaces, ...controllers.flatMap(({ objects }) => objects)]);
    await Promise.all(controllers.map((controller) => this.start(controller)));
    // A webhook that no controller answers would block the objects before it.
    await applyAll(
      this.plane,
      controllers.flatMap(({ objects }) => objects.filter(isWebhook)),
    );
  }

  private async prepare(release: Release): Promise<Controller> {
    const name = CONTROLLERS[chartOf(release)]!;
    const ports = this.ports.get(name) ?? (await newPorts());
    this.ports.set(name, ports);
    const rendered = await renderChart(this.plane, release);
    const objects = rendered
      // The API server would wait for the service of an aggregated API.
      .filter(({ kind }) => kind !== 'APIService')
      .map((object) => answeredLocally(this.plane, object, ports.webhook));
    return { name, objects, ports };
  }

  private async start(controller: Controller): Promise<void> {
    const { plane } = this;
    const { name, objects, ports } = controller;
    const text = JSON.stringify(localConfig(configOf(objects), controller));
    if (this.configs.get(name) === text) return;
    await plane.processes.stop(name);
    this.configs.set(name, text);
    const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
    const { serviceAccountName, containers } = deployment.spec!.template!.spec!;
    const token = await plane.client.createToken(serviceAccountName!, deployment.metadata.namespace!);
    const config = plane.write(`${name}.json`, text);
    const args = (containers![0]!.args ?? []).filter((arg) => !/^--(config|leader-elect|metrics|health)/.test(arg));
    const cwd = join(plane.folder, name);
    provideCertificates(plane, cwd);
    const env = { KUBECONFIG: plane.writeClientConfig(name, token) };
    plane.processes.start(name, plane.programs.program(name), [`--config=${config}`, ...args], { cwd, env });
    await plane.waitUntil(`${name} is ready`, () => isHealthy(ports.health), 60);
  }
}

async function newPorts(): Promise<Ports> {
  const [health, webhook] = await freePorts(2);
  return { health: health!, webhook: webhook! };
}

/** Replaces the services of webhooks by the address of the local controller. */
function answeredLocally({ credentials }: ControlPlane, object: Manifest, port: number): Manifest {
  const caBundle = Buffer.from(credentials.authority).toString('base64');
  const local = (key: string, value: unknown) => {
    if (key !== 'clientConfig') return value;
    const { service } = value as { service: { path?: string } };
    return { url: `https://127.0.0.1:${port}${service.path ?? '/'}`, caBundle };
  };
  return JSON.parse(JSON.stringify(object), local) as Manifest;
}

function namespaceOf(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function isWebhook({ kind }: Manifest): boolean {
  return kind.endsWith('WebhookConfiguration');
}

async function applyInOrder(plane: ControlPlane, objects: readonly Manifest[]): Promise<void> {
  const isFirst = ({ kind }: Manifest) => kind === 'Namespace' || kind === 'CustomResourceDefinition';
  await applyAll(plane, objects.filter(isFirst));
  await waitForDefinitions(plane, objects);
  await applyAll(
    plane,
    objects.filter((object) => !isFirst(object) && !isWebhook(object)),
  );
}

/** Applies objects in parallel, except those that the control plane has already. */
export async function applyAll({ client, applied }: ControlPlane, objects: readonly Manifest[]): Promise<void> {
  const apply = async (object: Manifest) => {
    const { kind, metadata } = object;
    const [key, text] = [`${kind}/${metadata.namespace}/${metadata.name}`, JSON.stringify(object)];
    if (applied.get(key) === text) return;
    // The API server works much longer to apply a large definition than to create it.
    // What it created does not count as applied, so a change of its fields needs `force`.
    if (applied.has(key) || !(await client.tryCreate(object, 'helm'))) await client.apply(object, 'helm', true);
    applied.set(key, text);
  };
  await Promise.all(objects.map(apply));
}

/** Waits until the API server serves and lists every version of the definitions. */
export async function waitForDefinitions(plane: ControlPlane, objects: readonly Manifest[]): Promise<void> {
  const wanted = objects
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .flatMap(({ spec: { group, versions = [], names } = {} }) =>
      versions.filter(({ served }) => served).map(({ name }) => `${group}/${name}/${names?.kind}`),
    );
  if (wanted.length === 0) return;
  await plane.waitUntil('the API server lists the kinds of all definitions', async () => {
    const listed = await plane.client.discover();
    return wanted.every((kind) => listed.has(kind));
  });
}

/** Returns the configuration in the chart, which is in the only config map with a controller configuration. */
function configOf(objects: readonly Manifest[]): Json {
  for (const { kind, data = {} } of objects) {
    if (kind !== 'ConfigMap') continue;
    for (const text of Object.values(data)) {
      const config = parse(text) as Json | string;
      if (typeof config === 'object' && String(config.apiVersion).includes('config')) return config;
    }
  }
  throw new Error('the chart has no controller configuration');
}

/** Adapts what only works in a cluster: ports, certificates, and the election of a leader. */
function localConfig(config: Json, { name, ports }: Controller): Json {
  const isTrainer = name === 'trainer-controller-manager';
  const within = (key: string, change: Json) => ({ [key]: { ...(config[key] as Json), ...change } });
  return {
    ...config,
    ...within('health', { healthProbeBindAddress: `127.0.0.1:${ports.health}` }),
    ...within('metrics', { bindAddress: '0' }),
    // The Trainer always reads its certificate from the folder for temporary files.
    ...within('webhook', { port: ports.webhook, host: '127.0.0.1', ...(!isTrainer && { certDir: CERTIFICATES }) }),
    ...within('leaderElection', { leaderElect: false }),
    ...within(isTrainer ? 'certManagement' : 'internalCertManagement', { enable: false }),
    // The API of pending workloads listens on a fixed port.
    ...(name === 'kueue' && within('featureGates', { VisibilityOnDemand: false })),
  };
}

/** Folder of the certificate of a controller, in its working directory, which is also its folder for temporary files. */
const CERTIFICATES = join('k8s-webhook-server', 'serving-certs');

/** Creates the folders of certificates: the one for webhooks, and the one that Kueue reads for its metrics. */
function provideCertificates({ credentials }: ControlPlane, cwd: string): void {
  for (const folder of [join(cwd, CERTIFICATES), join(cwd, 'metrics-certs')]) {
    mkdirSync(folder, { recursive: true });
    copyFileSync(credentials.certificateFile, join(folder, 'tls.crt'));
    copyFileSync(credentials.keyFile, join(folder, 'tls.key'));
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}
