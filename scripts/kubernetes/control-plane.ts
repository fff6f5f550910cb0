import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientConfig, createCredentials, type Credentials } from './certificates';
import { eventually, KubernetesClient } from './client';
import { freePorts, Processes } from './processes';
import type { Programs } from './programs';
import { KWOK_STAGES } from './kwok-stages';

/**
 * A Kubernetes control plane on the loopback interface: etcd, API server, controller manager, scheduler, and kwok, which plays the
 * nodes. It ends with this process, and leaves no files.
 */
export class ControlPlane {
  /** Starts the programs, and waits until the API server is ready. */
  static async start(programs: Programs): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'verify-kubernetes-'));
    const processes = new Processes(folder);
    try {
      const credentials = createCredentials(folder);
      const [apiPort, etcdPort, peerPort] = await freePorts(3);
      const url = `https://127.0.0.1:${apiPort}`;
      const plane = new ControlPlane(programs, folder, processes, credentials, url);
      plane.startEtcd(etcdPort!, peerPort!);
      plane.startApiServer(apiPort!, etcdPort!);
      await plane.waitUntil('the API server is ready', () => plane.client.isReady());
      plane.startControllers();
      return plane;
    } catch (error) {
      processes.end();
      throw error;
    }
  }

  /** Client with all rights. */
  public readonly client: KubernetesClient;

  /** Text of the objects of charts that were applied, by kind and name. */
  public readonly applied = new Map<string, string>();

  private constructor(
    public readonly programs: Programs,
    public readonly folder: string,
    public readonly processes: Processes,
    public readonly credentials: Credentials,
    private readonly url: string,
  ) {
    this.client = new KubernetesClient(url, credentials.authority, credentials.token);
  }

  /** Waits for a condition. Fails at once if a program ended. */
  waitUntil<T>(description: string, check: () => Promise<T | undefined | false>, seconds?: number): Promise<T> {
    const checked = () => {
      this.processes.check();
      return check();
    };
    return eventually(description, checked, { seconds });
  }

  /** Writes the configuration of a client to a file. @returns the file */
  writeClientConfig(name: string, token: string): string {
    return this.write(`${name}.kubeconfig`, clientConfig(this.url, this.credentials, token));
  }

  /** Ends all programs. */
  end(): void {
    this.client.close();
    this.processes.end();
  }

  private startEtcd(port: number, peerPort: number): void {
    const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
    this.processes.start('etcd', this.programs.program('etcd'), [
      `--data-dir=${join(this.folder, 'data')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // The data is thrown away.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ]);
  }

  private startApiServer(port: number, etcdPort: number): void {
    const { credentials } = this;
    this.processes.start(
      'kube-apiserver',
      this.programs.program('kube-apiserver'),
      [
        `--etcd-servers=http://127.0.0.1:${etcdPort}`,
        ...[`--secure-port=${port}`, '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1'],
        '--endpoint-reconciler-type=none',
        ...[`--tls-cert-file=${credentials.certificateFile}`, `--tls-private-key-file=${credentials.keyFile}`],
        `--token-auth-file=${credentials.tokenFile}`,
        '--authorization-mode=RBAC',
        `--service-account-key-file=${credentials.accountPublicKeyFile}`,
        `--service-account-signing-key-file=${credentials.accountKeyFile}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--allow-privileged=true',
        // One client waits for the answers of another, so a queue only adds seconds.
        '--enable-priority-and-fairness=false',
        '--profiling=false',
      ],
      { env: { GOGC: '50' } },
    );
  }

  private startControllers(): void {
    const { programs, credentials } = this;
    const config = this.writeClientConfig('administrator', credentials.token);
    this.processes.start('kube-controller-manager', programs.program('kube-controller-manager'), [
      ...[`--kubeconfig=${config}`, '--leader-elect=false', '--secure-port=0'],
      `--service-account-private-key-file=${credentials.accountKeyFile}`,
      `--root-ca-file=${credentials.authorityFile}`,
      ...['--kube-api-qps=300', '--kube-api-burst=600', '--use-service-account-credentials=false'],
      // A loaded machine delays the heartbeats of the nodes.
      '--node-monitor-grace-period=5m',
    ]);
    const scheduler = this.write('scheduler.yaml', JSON.stringify(schedulerConfig(config)));
    this.processes.start('kube-scheduler', programs.program('kube-scheduler'), [
      ...[`--config=${scheduler}`, '--secure-port=0'],
    ]);
    const stages = this.write('stages.yaml', KWOK_STAGES);
    this.processes.start('kwok', programs.program('kwok'), [
      ...[`--kubeconfig=${config}`, `--config=${stages}`],
      '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
      '--node-lease-duration-seconds=120',
    ]);
  }

  /** Writes a file that ends with the control plane. @returns its path */
  write(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }
}

function schedulerConfig(kubeconfig: string): object {
  return {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig, qps: 300, burst: 600 },
    leaderElection: { leaderElect: false },
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 1,
  };
}
