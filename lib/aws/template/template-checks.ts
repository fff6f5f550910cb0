import { readFileSync } from 'node:fs';
import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stage,
  Validations,
  type CfnTag,
  Lazy,
  type TagManager,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Problem, ProblemCollector, sentenceOf } from '../../core/errors';
import { RESOURCE_CHECKS, type TemplateResource } from './resource-checks';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_TEMPLATE_BYTES = 1_000_000;

/**
 * Checks the templates of an app for values that CloudFormation schemas allow but AWS rejects at deployment. It checks network interfaces,
 * names of accelerator machines, sizes of Lustre file systems, SageMaker endpoint configurations, and the size of a template. The CDK itself
 * counts the resources.
 *
 * A `TrainingCluster`, a `KubernetesInference`, and an `InferenceEndpoint` add it to their app.
 *
 * @example
 * ```ts
 * import { TemplateChecks } from 'ai-infra-constructs/aws';
 * import { App, Validations } from 'aws-cdk-lib';
 *
 * Validations.of(new App()).addPlugins(new TemplateChecks());
 * ```
 */
export class TemplateChecks implements IPolicyValidationPlugin {
  /** Name of the plugin in validation reports. */
  public readonly name = 'ai-infra-template-checks';

  /** Checks the templates of an app. The CDK calls it at synthesis. */
  validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = templatePaths.flatMap(violationsIn);
    return { success: violations.length === 0, violations };
  }
}

const CHECKED = Symbol.for('ai-infra-constructs.TemplateChecks');

/** Adds the template checks to the app of a construct, once. */
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
    const problems = new ProblemCollector();
    RESOURCE_CHECKS[resource.Type]?.(problems, resource.Properties ?? {});
    return problems.all.map((problem) => violation(problem, templatePath, logicalId));
  });
  return [...sizeViolations(templatePath, text.byteLength), ...ofResources];
}

function sizeViolations(templatePath: string, bytes: number): PolicyViolation[] {
  if (bytes <= MAX_TEMPLATE_BYTES) return [];
  const problem: Problem = {
    code: 'StackTooLarge',
    prop: 'template',
    allowed: `at most ${MAX_TEMPLATE_BYTES} bytes`,
    got: bytes,
    fix: 'Put each TrainingCluster into its own stack.',
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

/** Tags in the form that EC2 requires if CloudFormation has no `Tags` field. */
export interface TagSpecification {
  readonly resourceType: string;
  readonly tags: CfnTag[];
}

/** The tags of a construct tree for resources that EC2 creates. Rendered late, because tags are an aspect that runs after construction. */
export function tagSpecifications(manager: TagManager, ...resourceTypes: string[]): TagSpecification[] {
  return Lazy.any({
    produce: () => {
      const tags = tagsOf(manager);
      return tags.length > 0 ? resourceTypes.map((resourceType) => ({ resourceType, tags })) : undefined;
    },
  }) as unknown as TagSpecification[];
}

/** The tags of a construct tree. Call it late, because tags are an aspect that runs after construction. */
export function tagsOf(manager: TagManager): CfnTag[] {
  return Object.entries(manager.tagValues()).map(([key, value]) => ({ key, value }));
}
