import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import type { PerimeterIngress, ServicePerimeterOptions } from './service-perimeter-props';
import { SERVICE_PERIMETER_OPTIONS } from '../prop-schemas';

// Source of the formats: documentation of the provider, google 6.50.0, access_context_manager_service_perimeter.
const NUMBER = /^\d+$/;
const PROJECT = /^projects\/\d+$/;
const ACCESS_LEVEL = /^accessPolicies\/\d+\/accessLevels\/[A-Za-z]\w*$/;
const SERVICE = /^[a-z][a-z0-9-]*\.googleapis\.com$/;
const IDENTITY = /^(user|group|serviceAccount|principal|principalSet):\S+$/;

type Format = (value: string) => boolean;

const isAny: Format = (value) => value === '*';
const matches =
  (...patterns: readonly RegExp[]): Format =>
  (value) =>
    patterns.some((pattern) => pattern.test(value));
const isService: Format = matches(SERVICE);
const isServiceOrAny: Format = (value) => isAny(value) || isService(value);

/** Adds each value with a format that Access Context Manager rejects. */
export function checkPerimeter(problems: ProblemCollector, options: ServicePerimeterOptions): void {
  if (!validateProps(problems, options, SERVICE_PERIMETER_OPTIONS)) return;
  const { accessPolicy, services, projects, accessLevels, ingress = [], egress = [] } = options;
  each(problems, 'accessPolicy', [accessPolicy], matches(NUMBER), 'the number of an access policy', false);
  each(problems, 'services', services, isService, 'a service, for example storage.googleapis.com');
  each(problems, 'projects', projects, matches(NUMBER), 'the number of a project');
  each(problems, 'accessLevels', accessLevels, matches(ACCESS_LEVEL), LEVEL);
  if (services?.length === 0) empty(problems, 'services');
  ingress.forEach((rule, index) => {
    const within = problems.within(`ingress[${index}]`);
    checkRule(within, rule);
    each(within, 'from', rule.from, matches(ACCESS_LEVEL, PROJECT), `${LEVEL}, or projects/<number>`);
  });
  egress.forEach((rule, index) => {
    const within = problems.within(`egress[${index}]`);
    checkRule(within, rule);
    each(within, 'to', rule.to, (value) => isAny(value) || PROJECT.test(value), 'projects/<number>, or *');
    if (rule.to.length === 0) empty(within, 'to');
  });
}

const LEVEL = 'accessPolicies/<number>/accessLevels/<name>';

function checkRule(problems: ProblemCollector, { identities, services }: Omit<PerimeterIngress, 'from'>): void {
  each(problems, 'identities', identities, matches(IDENTITY), 'user:…, group:…, serviceAccount:… or a principal');
  each(problems, 'services', services, isServiceOrAny, 'a service, for example storage.googleapis.com, or *');
  if (services.length === 0) empty(problems, 'services');
}

function each(
  problems: ProblemCollector,
  prop: string,
  values: readonly string[] | undefined,
  hasFormat: Format,
  allowed: string,
  indexed = true,
): void {
  values?.forEach((got, index) => {
    if (isUnknown(got) || hasFormat(got)) return;
    problems.add({
      code: 'PerimeterInvalid',
      prop: indexed ? `${prop}[${index}]` : prop,
      allowed,
      got,
      fix: 'Copy it from Access Context Manager or `gcloud projects describe`.',
    });
  });
}

function empty(problems: ProblemCollector, prop: string): void {
  const allowed = 'a list with at least one item';
  problems.add({
    code: 'PerimeterInvalid',
    prop,
    allowed,
    got: [],
    fix: 'Add an item, or remove the list or its rule.',
  });
}
