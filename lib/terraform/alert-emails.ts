import type { ProblemCollector } from '../core/errors';
import { isUnknown } from './tokens';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Adds a problem for each email address that is malformed or listed twice. */
export function checkAlertEmails(problems: ProblemCollector, prop: string, emails: readonly string[] = []): void {
  emails.forEach((email, index) => {
    if (isUnknown(email) || (EMAIL.test(email) && emails.indexOf(email) === index)) return;
    problems.add({
      code: 'AlertEmail',
      prop: `${prop}[${index}]`,
      allowed: 'an email address that is listed once',
      got: email,
      fix: 'Use the form name@example.com, once in the list.',
    });
  });
}
