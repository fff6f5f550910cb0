import type { Finding } from './findings';

/** That no caller is asked who it is. @param way what leads to the gateway @param fix what asks callers */
export function openToNetwork(way: string, fix: string, evidence: string): Finding {
  return {
    id: 'gateway/open-to-network',
    level: 'warning',
    message: `Whoever reaches ${way} of the gateway may call the model, and no log says who it was.`,
    fix: `Use ${fix}, or acknowledge this.`,
    evidence,
  };
}

/** That nothing screens what goes to models. @param screening what would @param others who may do so in its place */
export function unscreened(models: string, screening: string, others: string): Finding {
  return {
    id: 'gateway/unscreened',
    level: 'warning',
    message: `Nothing judges what goes to ${models} and what comes from it.`,
    fix: `Use ${screening}, or acknowledge this where ${others} do so.`,
    evidence: 'https://genai.owasp.org/llmrisk/llm01-prompt-injection/',
  };
}

/** That an answer is shown before all of it was judged. @param how that is done */
export function judgedInPieces(how: string, evidence: string): Finding {
  return {
    id: 'gateway/stream-in-windows',
    level: 'info',
    message: `A streamed answer ${how}.`,
    fix: 'Use ResponseMode.buffered() where an answer must be judged as a whole.',
    evidence,
  };
}

/** That answers come in one piece. */
export function buffered(evidence: string): Finding {
  return {
    id: 'gateway/buffered',
    level: 'info',
    message: 'Callers see nothing of an answer until all of it is there.',
    fix: 'Use ResponseMode.streamed().',
    evidence,
  };
}
