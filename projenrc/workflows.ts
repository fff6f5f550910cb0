import { type Component, github } from 'projen';

const { ActionRefs } = github;
const { JobPermission } = github.workflows;

/** Versions of Node.js that CI tests: the oldest supported one, and the releases with long-term support after it. */
export const NODE_VERSIONS = ['20', '22', '24'] as const;
const [OLDEST] = NODE_VERSIONS;
const NEWEST = NODE_VERSIONS.at(-1)!;

const UBUNTU = ['ubuntu-24.04'];
/** Debian with Node.js and git, which is all that `.ci/run` needs. It installs Chromium and Python itself. */
const DEBIAN = { image: `node:${OLDEST}-bookworm` };

/** Actions that projen has no reference for. The comments name the releases of the commits. */
const ACTIONS = {
  // v4.36.2
  codeqlInit: 'github/codeql-action/init@8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
  codeqlAnalyze: 'github/codeql-action/analyze@8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
  // v2.0.2
  setupOpenTofu: 'opentofu/setup-opentofu@a1320f892987e89d278cc92dc5adc984fb93aca4',
} as const;

const READ_CONTENTS = { contents: JobPermission.READ };
const ON_DEFAULT_BRANCH = 'github.ref_name == github.event.repository.default_branch';

const checkout: github.workflows.JobStep = {
  name: 'Check out',
  uses: ActionRefs.ACTIONS_CHECKOUT,
  with: { 'persist-credentials': false },
};

function nodeSteps(version: string): github.workflows.JobStep[] {
  return [
    {
      name: 'Set up Node.js',
      uses: ActionRefs.ACTIONS_SETUP_NODE,
      // A cache could pass files from one pull request to another, or to a release.
      with: { 'node-version': version, 'package-manager-cache': false },
    },
    { name: 'Install', run: 'npm ci' },
  ];
}

function runs(...scripts: readonly string[]): github.workflows.JobStep[] {
  return scripts.map((script) => ({ name: `npm ${script}`, run: `npm ${script}` }));
}

/** Adds the workflows. Each job has only the permissions that it needs, and no step keeps the token of the checkout. */
export function addWorkflows(hub: github.GitHub): Component[] {
  return [addBuild(hub), addCodeScanning(hub), addRelease(hub)];
}

function workflow(hub: github.GitHub, name: string, concurrency: object): github.GithubWorkflow {
  const added = new github.GithubWorkflow(hub, name);
  added.file!.addOverride('permissions', { contents: 'read' });
  added.file!.addOverride('concurrency', concurrency);
  return added;
}

/** A newer commit of a pull request replaces the run of an older one. */
const PER_BRANCH = {
  group: '${{ github.workflow }}-${{ github.ref }}',
  'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
};

function addBuild(hub: github.GitHub): github.GithubWorkflow {
  const build = workflow(hub, 'build', PER_BRANCH);
  build.on({ pullRequest: {}, mergeGroup: {}, push: { branches: ['main'] }, workflowCall: {}, workflowDispatch: {} });
  build.addJobs({
    checks: {
      name: 'All checks (.ci/run)',
      runsOn: UBUNTU,
      container: DEBIAN,
      permissions: READ_CONTENTS,
      timeoutMinutes: 90,
      steps: [
        checkout,
        {
          name: 'Set up OpenTofu',
          uses: ACTIONS.setupOpenTofu,
          with: { tofu_version: '1.11.x', tofu_wrapper: false },
        },
        // Files in the container belong to root, and the folder does not.
        { name: 'Trust the folder', run: 'git config --global --add safe.directory "$GITHUB_WORKSPACE"' },
        { name: '.ci/run', run: '.ci/run' },
      ],
    },
    tests: {
      name: 'Tests on Node.js ${{ matrix.node }}',
      runsOn: UBUNTU,
      permissions: READ_CONTENTS,
      timeoutMinutes: 45,
      strategy: { failFast: false, matrix: { domain: { node: [...NODE_VERSIONS] } } },
      steps: [
        checkout,
        ...nodeSteps('${{ matrix.node }}'),
        ...runs('run build', 'test'),
        { name: 'Package proof', run: 'npm run test:package', env: { AI_INFRA_BUILT: 'true' } },
      ],
    },
    lint: {
      name: 'Lint',
      runsOn: UBUNTU,
      permissions: READ_CONTENTS,
      timeoutMinutes: 20,
      steps: [checkout, ...nodeSteps(NEWEST), ...runs('run lint', 'run types')],
    },
  });
  return build;
}

function addCodeScanning(hub: github.GitHub): github.GithubWorkflow {
  const scan = workflow(hub, 'code-scanning', PER_BRANCH);
  scan.on({ pullRequest: {}, push: { branches: ['main'] }, schedule: [{ cron: '17 4 * * 1' }] });
  scan.addJob('codeql', {
    name: 'CodeQL: ${{ matrix.language }}',
    runsOn: UBUNTU,
    permissions: { ...READ_CONTENTS, actions: JobPermission.READ, securityEvents: JobPermission.WRITE },
    timeoutMinutes: 30,
    strategy: { failFast: false, matrix: { domain: { language: ['javascript-typescript', 'actions'] } } },
    steps: [
      checkout,
      {
        name: 'Initialize CodeQL',
        uses: ACTIONS.codeqlInit,
        with: { languages: '${{ matrix.language }}', 'build-mode': 'none' },
      },
      { name: 'Analyze', uses: ACTIONS.codeqlAnalyze, with: { category: '/language:${{ matrix.language }}' } },
    ],
  });
  return scan;
}

const TARBALL = 'release';
const VERSION = '${{ needs.package.outputs.version }}';

/** See decision 0031. The jobs that can write run no code of dependencies: they download the tarball that the job before them packed. */
function addRelease(hub: github.GitHub): github.GithubWorkflow {
  const release = workflow(hub, 'release', { group: 'release', 'cancel-in-progress': false });
  release.on({ workflowDispatch: {} });
  release.addJobs({
    build: {
      if: ON_DEFAULT_BRANCH,
      permissions: READ_CONTENTS,
      uses: './.github/workflows/build.yml',
    },
    package: {
      name: 'Package',
      needs: ['build'],
      runsOn: UBUNTU,
      permissions: READ_CONTENTS,
      timeoutMinutes: 20,
      outputs: { version: { stepId: 'notes', outputName: 'version' } },
      steps: [
        checkout,
        ...nodeSteps(NEWEST),
        {
          name: 'Write the release notes',
          id: 'notes',
          run: lines(
            `mkdir ${TARBALL}`,
            `npx tsx scripts/release-notes.ts > ${TARBALL}/notes.md`,
            `echo "version=$(node -p 'require("./package.json").version')" >> "$GITHUB_OUTPUT"`,
          ),
        },
        ...runs('run build'),
        {
          // Provenance requires the URL of the repository in the manifest.
          name: 'Pack',
          run: lines(
            'npm pkg set repository.type=git "repository.url=git+$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git"',
            `npm pack --pack-destination ${TARBALL}`,
          ),
        },
        {
          name: 'Upload',
          uses: ActionRefs.ACTIONS_UPLOAD_ARTIFACT,
          with: { name: TARBALL, path: TARBALL, 'if-no-files-found': 'error', 'retention-days': 7 },
        },
      ],
    },
    npm: {
      name: 'Publish to npm',
      needs: ['package'],
      runsOn: UBUNTU,
      environment: 'npm',
      permissions: { idToken: JobPermission.WRITE },
      timeoutMinutes: 10,
      steps: [
        nodeSteps(NEWEST)[0]!,
        download(),
        {
          name: 'Publish with provenance',
          env: { NPM_TOKEN: '${{ secrets.NPM_TOKEN }}' },
          run: lines(
            '# A trusted publisher needs no token. npm registers one only for an existing package, so the first release needs NPM_TOKEN.',
            'if [ -n "$NPM_TOKEN" ]; then',
            '  registry=$(npm config get registry)',
            '  npm config set "${registry#https:}:_authToken" "$NPM_TOKEN"',
            'fi',
            `npm publish ./${TARBALL}/*.tgz --provenance --access public`,
          ),
        },
      ],
    },
    github: {
      name: 'Create the GitHub release',
      needs: ['package', 'npm'],
      runsOn: UBUNTU,
      permissions: { contents: JobPermission.WRITE },
      timeoutMinutes: 10,
      steps: [
        download(),
        {
          name: 'Create the release and its tag',
          env: { GH_TOKEN: '${{ github.token }}', VERSION },
          run: lines(
            'gh release create "v$VERSION" --repo "$GITHUB_REPOSITORY" --target "$GITHUB_SHA" --title "v$VERSION" \\',
            `  --notes-file ${TARBALL}/notes.md ${TARBALL}/*.tgz`,
          ),
        },
      ],
    },
  });
  return release;
}

function download(): github.workflows.JobStep {
  return { name: 'Download', uses: ActionRefs.ACTIONS_DOWNLOAD_ARTIFACT, with: { name: TARBALL, path: TARBALL } };
}

function lines(...text: readonly string[]): string {
  return text.join('\n');
}
