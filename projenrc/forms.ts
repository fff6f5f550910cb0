import { type Project, YamlFile } from 'projen';

interface Field {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Allowed answers. @default - text of several lines */
  readonly options?: readonly string[];
  /** Language of the code in the answer. @default - plain text */
  readonly render?: string;
  /** @default true */
  readonly required?: boolean;
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly label: string;
  readonly fields: readonly Field[];
}

/** Adds the forms for new issues. `clouds` are the titles that users can select. */
export function addIssueForms(project: Project, clouds: readonly string[]): void {
  const cloud: Field = { id: 'cloud', label: 'Cloud', options: [...clouds, 'every cloud'] };
  const forms: Readonly<Record<string, Form>> = {
    bug: {
      name: 'Bug',
      description: 'Something throws, synthesizes, or plans the wrong thing',
      label: 'bug',
      fields: [
        cloud,
        { id: 'code', label: 'Code', description: 'The shortest code that shows the problem.', render: 'ts' },
        {
          id: 'actual',
          label: 'What happens',
          description:
            'The full error message, or the part of the template or plan that is wrong. Remove account IDs and secrets.',
        },
        {
          id: 'expected',
          label: 'What you expect',
          description: 'With a link to the documentation of the cloud, if it says so.',
        },
        {
          id: 'versions',
          label: 'Versions',
          description: 'Output of `npm ls ai-infra-constructs aws-cdk-lib cdktf` and `node --version`.',
          render: 'text',
        },
      ],
    },
    feature: {
      name: 'Feature',
      description: 'A construct, an option, or a check that is missing',
      label: 'enhancement',
      fields: [
        cloud,
        {
          id: 'need',
          label: 'What you want to do',
          description: 'The workload, and why it is not possible or is too long today.',
        },
        { id: 'code', label: 'Code that you would like to write', render: 'ts', required: false },
        {
          id: 'source',
          label: 'Documentation of the cloud',
          description: 'Links to the pages about the feature.',
          required: false,
        },
      ],
    },
    machine: {
      name: 'Machine or price',
      description: 'A machine, a region, or a price that is missing or wrong',
      label: 'catalog',
      fields: [
        cloud,
        { id: 'machine', label: 'Machine', description: 'The name of the machine type, as the cloud writes it.' },
        {
          id: 'values',
          label: 'Values',
          description: 'What the table should say: accelerators, memory, network, regions, price.',
        },
        {
          id: 'source',
          label: 'Source',
          description: 'The page that you read the values on, and the day. A row needs a public source.',
        },
      ],
    },
  };
  for (const [file, form] of Object.entries(forms)) {
    new YamlFile(project, `.github/ISSUE_TEMPLATE/${file}.yml`, { committed: true, obj: rendered(form) });
  }
  new YamlFile(project, '.github/ISSUE_TEMPLATE/config.yml', { committed: true, obj: { blank_issues_enabled: false } });
}

function rendered({ name, description, label, fields }: Form): object {
  return { name, description, labels: [label], body: fields.map(renderedField) };
}

function renderedField({ id, label, description, options, render, required = true }: Field): object {
  const type = options ? 'dropdown' : 'textarea';
  return { type, id, attributes: { label, description, options, render }, validations: { required } };
}

/** Lines of the pull-request template. */
export const PULL_REQUEST_TEMPLATE = [
  '## What changes for a user or a reader, and why',
  '',
  '',
  '## Checklist',
  '- [ ] `.ci/run` passes.',
  '- [ ] Each new check can fail: I broke the code once and saw it fail.',
  '- [ ] New limits and figures link the page where I read them.',
  '- [ ] A change that users notice has a changeset (`npm run changeset`).',
  '- [ ] A change of the public API updates `docs/api` (`npm run build && npm run api`).',
];
