import { start } from './processes';

/** A check that must stop a stack that exceeds a CloudFormation limit, and its message. */
const LIMITS = {
  resources: /Number of resources in stack '[^']+': \d+ is greater than allowed maximum of 500/,
  bytes: /template must be at most 1000000 bytes \(got \d+\)\. [^[]*\[StackTooLarge\]/,
};

/** Proves that a stack over a limit fails before its deployment. @returns the message of each check */
export function proveLimits(): string[] {
  return Object.entries(LIMITS).map(([limit, message]) => {
    const { status, stdout, stderr } = start({ program: 'over-limits', args: [limit] });
    const said = message.exec(stdout + stderr)?.[0];
    if (status === 1 && said) return said;
    throw new Error(`A stack over the limit of ${limit} ended with ${status ?? 'a signal'}\n${stdout}${stderr}`);
  });
}
