// @ts-check
import { Fault, screeningFaultOf } from './faults.mjs';

/**
 * @typedef {import('@aws-sdk/client-bedrock-runtime').ApplyGuardrailCommandInput} GuardrailInput
 * @typedef {Pick<import('@aws-sdk/client-bedrock-runtime').ApplyGuardrailCommandOutput, 'action' | 'assessments' | 'outputs'>} GuardrailOutput
 *
 * @typedef {object} Guardrail
 * @property {string} id
 * @property {string} version
 *
 * @typedef {object} Verdict
 * @property {'pass' | 'mask' | 'block'} action
 * @property {string[]} policies names of the policies that intervened, for the log, without the matched text
 * @property {string} [masked] the text with placeholders of the guardrail
 *
 * @typedef {(input: GuardrailInput, signal?: AbortSignal) => Promise<GuardrailOutput>} ApplyGuardrail
 */

/** Characters of one call: ten text units, well below the maximum of a call. */
export const WINDOW = 10_000;

/** Characters that two windows share, so that a match at the border is found. */
export const OVERLAP = 200;

const CALLS_AT_ONCE = 4;

/** Screens texts with one guardrail. */
export class Screen {
  /**
   * @param {ApplyGuardrail} apply
   * @param {Guardrail} guardrail
   * @param {AbortSignal} [signal]
   */
  constructor(apply, guardrail, signal) {
    this.apply = apply;
    this.guardrail = guardrail;
    this.signal = signal;
  }

  /**
   * Returns one verdict for all texts: the strictest of their windows.
   *
   * @param {'INPUT' | 'OUTPUT'} source
   * @param {readonly string[]} texts
   * @returns {Promise<Verdict>}
   */
  async check(source, texts) {
    const windows = windowsOf(texts.join('\n'));
    /** @type {Verdict[]} */
    const verdicts = [];
    for (let at = 0; at < windows.length; at += CALLS_AT_ONCE) {
      const some = windows.slice(at, at + CALLS_AT_ONCE);
      verdicts.push(...(await Promise.all(some.map((text) => this.checkWindow(source, text)))));
      if (verdicts.some(({ action }) => action === 'block')) break;
    }
    const policies = [...new Set(verdicts.flatMap((verdict) => verdict.policies))];
    const strictest = ['block', 'mask'].find((action) => verdicts.some((verdict) => verdict.action === action));
    return { action: /** @type {Verdict['action']} */ (strictest ?? 'pass'), policies };
  }

  /**
   * Returns the masked text. Refuses texts of several windows, because a match at a border cannot be masked reliably.
   *
   * @param {string} text
   * @returns {Promise<string>}
   */
  async mask(text) {
    const { action, masked } = await this.checkWindow('OUTPUT', text);
    if (action === 'pass') return text;
    if (action === 'block' || masked === undefined || text.length > WINDOW) throw new Fault('screened');
    return masked;
  }

  /**
   * @param {'INPUT' | 'OUTPUT'} source
   * @param {string} text
   * @returns {Promise<Verdict>}
   */
  async checkWindow(source, text) {
    if (text.trim() === '') return { action: 'pass', policies: [] };
    const input = {
      guardrailIdentifier: this.guardrail.id,
      guardrailVersion: this.guardrail.version,
      source,
      content: [{ text: { text } }],
    };
    try {
      return verdictOf(await this.apply(input, this.signal));
    } catch (error) {
      // The error of an aborted call depends on its state. The signal is reliable.
      throw this.signal?.aborted ? new Fault('timeout') : screeningFaultOf(error);
    }
  }
}

/**
 * @param {string} text
 * @returns {string[]}
 */
function windowsOf(text) {
  const step = WINDOW - OVERLAP;
  const count = Math.max(1, Math.ceil((text.length - OVERLAP) / step));
  return Array.from({ length: count }, (_, at) => text.slice(at * step, at * step + WINDOW));
}

/**
 * @param {GuardrailOutput} output
 * @returns {Verdict}
 */
function verdictOf({ action, assessments = [], outputs = [] }) {
  // The SDK returns an empty output without an error if a call is aborted before its body arrives.
  if (action === undefined) throw new Error('The guardrail returned no action.');
  if (action === 'NONE') return { action: 'pass', policies: [] };
  const found = interventionsIn(assessments, '');
  const policies = [...new Set(found.map(({ policy }) => policy))];
  // An unknown intervention counts as a block.
  const masks = found.length > 0 && found.every((one) => one.action === 'ANONYMIZED');
  return masks ? { action: 'mask', policies, masked: outputs[0]?.text } : { action: 'block', policies };
}

/**
 * Returns every intervention of an assessment with its policy and type. Does not read the matched text.
 *
 * @param {unknown} value
 * @param {string} policy
 * @returns {{ policy: string, action: string }[]}
 */
function interventionsIn(value, policy) {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => interventionsIn(one, policy));
  const { action, type, ...rest } = /** @type {Record<string, unknown>} */ (value);
  if (typeof action === 'string') {
    return action === 'NONE' ? [] : [{ policy: typeof type === 'string' ? `${policy}:${type}` : policy, action }];
  }
  return Object.entries(rest).flatMap(([name, one]) => interventionsIn(one, policy || name));
}
