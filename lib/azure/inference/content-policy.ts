import {
  branded,
  demand,
  FLAG,
  type Kind,
  listOf,
  objectOf,
  oneOf,
  recordOf,
  required,
  type Shape,
  TEXT,
} from '../../core/shapes';
import { ScreeningStrength } from '../gateway/prompt-screening';

/** Terms that neither a prompt nor an answer may hold. One of the two is needed. */
export interface Blocklist {
  /** Terms, each matched as it is written. @default - none */
  readonly terms?: readonly string[];
  /** Regular expressions. @default - none */
  readonly patterns?: readonly string[];
}

/** Options for a content policy of your own. */
export interface ContentPolicyOptions {
  /**
   * Hate, sexual content, violence and self-harm, in prompts and answers. With `NONE` they are told to the caller, and nothing is stopped,
   * which Azure lets approved customers alone do.
   *
   * @default ScreeningStrength.MEDIUM
   */
  readonly harmfulContent?: ScreeningStrength;
  /** Whether prompts are refused that try to talk the model out of its instructions (prompt shields). @default true */
  readonly promptAttacks?: boolean;
  /** Whether documents within prompts are searched for instructions that are none of the caller's (prompt shields). @default true */
  readonly documentAttacks?: boolean;
  /** Whether answers are refused that hold known texts, or known code without its licence. @default true */
  readonly protectedMaterial?: boolean;
  /** Blocklists by name. @default - none */
  readonly blocklists?: Readonly<Record<string, Blocklist>>;
}

/** What judges the prompts and answers of a model, in the service itself: a policy of responsible AI. */
export class ContentPolicy {
  /** A policy of your own on the account. */
  static of(options: ContentPolicyOptions = {}): ContentPolicy {
    demand(options, OPTIONS, { name: 'options' });
    return new ContentPolicy(options);
  }

  /** A policy that the account has, e.g. `Microsoft.DefaultV2`. */
  static existing(name: string): ContentPolicy {
    demand({ name }, { name: required(TEXT) });
    return new ContentPolicy(undefined, name);
  }

  private constructor(
    /** What a policy to create filters. @default - none is created */
    public readonly options?: ContentPolicyOptions,
    /** Name of a policy that exists. @default - one is created */
    public readonly existingName?: string,
  ) {}
}

/** A content policy, of whichever copy of the package. */
export const CONTENT_POLICY: Kind = branded(
  ContentPolicy,
  'AzureContentPolicy',
  'a ContentPolicy',
  "Use ContentPolicy.of({ … }), or ContentPolicy.existing('Microsoft.DefaultV2').",
);

const OPTIONS: Shape<ContentPolicyOptions> = {
  harmfulContent: oneOf(Object.values(ScreeningStrength)),
  promptAttacks: FLAG,
  documentAttacks: FLAG,
  protectedMaterial: FLAG,
  blocklists: recordOf(
    objectOf<Blocklist>({ terms: listOf(TEXT), patterns: listOf(TEXT) }, 'a blocklist { terms, patterns }'),
  ),
};
