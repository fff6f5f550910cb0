import type { Problems } from '../../core/errors';
import { fits, listOf, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import {
  type PerimeterEgress,
  type PerimeterIngress,
  PerimeterMode,
  type ServicePerimeterOptions,
} from './service-perimeter-props';

const INGRESS: Shape<PerimeterIngress> = {
  identities: listOf(TEXT),
  from: listOf(TEXT),
  services: required(listOf(TEXT)),
};
const EGRESS: Shape<PerimeterEgress> = {
  identities: listOf(TEXT),
  to: required(listOf(TEXT)),
  services: required(listOf(TEXT)),
};

/** The kinds of the options of a perimeter. */
export const PERIMETER: Shape<ServicePerimeterOptions> = {
  accessPolicy: required(TEXT),
  mode: oneOf(Object.values(PerimeterMode)),
  services: listOf(TEXT),
  projects: listOf(TEXT),
  accessLevels: listOf(TEXT),
  ingress: listOf(objectOf(INGRESS, 'a rule { services }')),
  egress: listOf(objectOf(EGRESS, 'a rule { to, services }')),
};

// Source of the forms: documentation of the provider, google 6.50.0, access_context_manager_service_perimeter.
const NUMBER = /^\d+$/;
const PROJECT = /^projects\/\d+$/;
const ACCESS_LEVEL = /^accessPolicies\/\d+\/accessLevels\/[A-Za-z]\w*$/;
const SERVICE = /^[a-z][a-z0-9-]*\.googleapis\.com$/;
const IDENTITY = /^(user|group|serviceAccount|principal|principalSet):\S+$/;

type Form = (value: string) => boolean;

const isAny: Form = (value) => value === '*';
const matches =
  (...patterns: readonly RegExp[]): Form =>
  (value) =>
    patterns.some((pattern) => pattern.test(value));
const isService: Form = matches(SERVICE);
const isServiceOrAny: Form = (value) => isAny(value) || isService(value);

/** Adds what is wrong with a perimeter: a value of a form that Access Context Manager refuses. */
export function checkPerimeter(problems: Problems, options: ServicePerimeterOptions): void {
  if (!fits(problems, options, PERIMETER)) return;
  const { accessPolicy, services, projects, accessLevels, ingress = [], egress = [] } = options;
  each(problems, 'accessPolicy', [accessPolicy], matches(NUMBER), 'the number of an access policy', false);
  each(problems, 'services', services, isService, 'a service, e.g. storage.googleapis.com');
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

function checkRule(problems: Problems, { identities, services }: Omit<PerimeterIngress, 'from'>): void {
  each(problems, 'identities', identities, matches(IDENTITY), 'user:…, group:…, serviceAccount:… or a principal');
  each(problems, 'services', services, isServiceOrAny, 'a service, e.g. storage.googleapis.com, or *');
  if (services.length === 0) empty(problems, 'services');
}

function each(
  problems: Problems,
  prop: string,
  values: readonly string[] | undefined,
  fitsForm: Form,
  allowed: string,
  indexed = true,
): void {
  values?.forEach((got, index) => {
    if (isUnknown(got) || fitsForm(got)) return;
    problems.add({
      code: 'PerimeterInvalid',
      prop: indexed ? `${prop}[${index}]` : prop,
      allowed,
      got,
      fix: 'Copy it from Access Context Manager, or `gcloud projects describe`.',
    });
  });
}

function empty(problems: Problems, prop: string): void {
  const allowed = 'at least one';
  problems.add({ code: 'PerimeterInvalid', prop, allowed, got: [], fix: 'Name some, or leave the whole out.' });
}
