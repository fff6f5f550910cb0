import type { Problems } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Adds a problem for each mail address that is malformed, or given twice. */
export function checkEmails(problems: Problems, prop: string, emails: readonly string[]): void {
  emails.forEach((email, index) => {
    if (isUnknown(email) || (EMAIL.test(email) && emails.indexOf(email) === index)) return;
    problems.add({
      code: 'AlertEmail',
      prop: `${prop}[${index}]`,
      allowed: 'a mail address, given once',
      got: email,
      fix: 'Write name@example.com.',
    });
  });
}
