export type PasswordRule = 'length' | 'upper' | 'lower' | 'digit' | 'special';

/** The server's rule, told while typing: 8 characters, upper, lower, number, special. */
const rules: Record<PasswordRule, (password: string) => boolean> = {
  length: (password) => password.length >= 8,
  upper: (password) => /\p{Lu}/u.test(password),
  lower: (password) => /\p{Ll}/u.test(password),
  digit: (password) => /\p{Nd}/u.test(password),
  special: (password) => /[^\p{L}\p{Nd}\s]/u.test(password),
};

export const ruleNames = Object.keys(rules) as PasswordRule[];

export const meets = (rule: PasswordRule, password: string): boolean => rules[rule](password);

/** The rules that a password does not meet yet. */
export const missing = (password: string): PasswordRule[] =>
  ruleNames.filter((rule) => !meets(rule, password));
