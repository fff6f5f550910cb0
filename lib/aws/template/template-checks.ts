import { readFileSync } from 'node:fs';
import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Problem, Problems, sentenceOf } from '../../core/errors';
import { RESOURCE_CHECKS, type TemplateResource } from './resource-checks';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_TEMPLATE_BYTES = 1_000_000;

/**
 * Judges the templates of an app, whoever wrote it, for what CloudFormation's own schemas leave open and AWS refuses only at deployment:
 * interface types and places, names of accelerator machines, the grid of Lustre file systems, what SageMaker refuses of endpoints, the
 * size of a template. The CDK itself counts the resources.
 *
 * A `TrainingCluster` or an `InferenceEndpoint` adds it by itself; for another app, `Validations.of(app).addPlugins(new TemplateChecks())`.
 */
export class TemplateChecks implements IPolicyValidationPlugin {
  public readonly name = 'ai-infra-template-checks';

  validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = templatePaths.flatMap(violationsIn);
    return { success: violations.length === 0, violations };
  }
}

const CHECKED = Symbol.for('ai-infra-constructs.TemplateChecks');

/** Has all templates of the app of a construct checked, once an app. */
export function checkTemplates(scope: IConstruct): void {
  const stage = Stage.of(scope);
  if (!stage || CHECKED in stage) return;
  Object.defineProperty(stage, CHECKED, { value: true });
  Validations.of(stage).addPlugins(new TemplateChecks());
}

function violationsIn(templatePath: string): PolicyViolation[] {
  const text = readFileSync(templatePath);
  const template = JSON.parse(text.toString()) as { Resources?: Record<string, TemplateResource> };
  const ofResources = Object.entries(template.Resources ?? {}).flatMap(([logicalId, resource]) => {
    const problems = new Problems();
    RESOURCE_CHECKS[resource.Type]?.(problems, resource.Properties ?? {});
    return problems.all.map((problem) => violation(problem, templatePath, logicalId));
  });
  return [...sizeViolations(templatePath, text.byteLength), ...ofResources];
}

function sizeViolations(templatePath: string, bytes: number): PolicyViolation[] {
  if (bytes <= MOST_TEMPLATE_BYTES) return [];
  const problem: Problem = {
    code: 'StackTooLarge',
    prop: 'template',
    allowed: `at most ${MOST_TEMPLATE_BYTES} bytes`,
    got: bytes,
    fix: 'Put each TrainingCluster into a stack of its own.',
  };
  return [violation(problem, templatePath)];
}

function violation(problem: Problem, templatePath: string, resourceLogicalId?: string): PolicyViolation {
  return {
    ruleName: problem.code,
    severity: 'error',
    description: sentenceOf(problem),
    fix: problem.fix,
    violatingResources: [{ resourceLogicalId, templatePath, locations: [problem.prop] }],
  };
}
