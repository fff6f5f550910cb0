import type { ProblemCollector } from './errors';
import type { Finding } from './findings';

/** Adds a problem for a public gateway that does not authenticate callers. */
export function addUnauthenticated(problems: ProblemCollector, got: string, fix: string): void {
  problems.add({
    code: 'GatewayUnauthenticated',
    prop: 'authorization',
    allowed: 'one that authenticates callers, because anyone can reach a public gateway',
    got,
    fix,
  });
}

/** The finding for a gateway that does not authenticate callers. @param route how callers reach the gateway @param fix how to authenticate them */
export function openToNetwork(route: string, fix: string, evidence: string): Finding {
  return {
    id: 'gateway/open-to-network',
    level: 'warning',
    message: `Anyone who can reach ${route} of the gateway can call the model, and no log identifies the caller.`,
    fix: `Use ${fix}, or acknowledge this.`,
    evidence,
  };
}

/** The finding for a gateway without screening. @param screening the option that screens @param others who else can screen */
export function unscreened(models: string, screening: string, others: string): Finding {
  return {
    id: 'gateway/unscreened',
    level: 'warning',
    message: `Prompts to ${models} and its responses are not screened.`,
    fix: `Use ${screening}, or acknowledge this if ${others} screen them.`,
    evidence: 'https://genai.owasp.org/llmrisk/llm01-prompt-injection/',
  };
}

/** The finding for a streamed response that is screened in parts. @param how how it is screened */
export function screenedInWindows(how: string, evidence: string): Finding {
  return {
    id: 'gateway/stream-in-windows',
    level: 'info',
    message: `A streamed response ${how}.`,
    fix: 'Use ResponseMode.buffered() if a response must be screened as a whole.',
    evidence,
  };
}

/** The finding for buffered responses. */
export function buffered(evidence: string): Finding {
  return {
    id: 'gateway/buffered',
    level: 'info',
    message: 'Callers receive a response only after it is complete.',
    fix: 'Use ResponseMode.streamed().',
    evidence,
  };
}
